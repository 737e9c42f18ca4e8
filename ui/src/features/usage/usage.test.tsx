import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { StrictMode } from "react";
import { describe, expect, it } from "vitest";
import type { Finding, UsageProgress, UsageReport, UsageSearched } from "../../bindings";
import { HostContext } from "../../host/host";
import { deferred, fakeHost, type Script } from "../../testing/fakeHost";
import { failing, getButton, violations } from "../../testing/render";
import { account, daysAgo, errors } from "../../testing/samples";
import {
  finding,
  findingGroups,
  keyUsage,
  nothingFound,
  usageProgress,
  usageReport,
  usageSearched,
} from "../../testing/usageSamples";
import { UsageSection } from "./UsageSection";
import { useUsageSearch } from "./useUsageSearch";
import { duration } from "./words";

const env = finding();
const workflow = finding({ shortPath: "~/code/shop/.github/workflows/ci.yml", line: 11, variable: null });
const confirmed = (places: number) =>
  keyUsage({ verdict: "confirmed", places, words: `Found in ${places} places on this machine.` });
const foundOne = usageReport({ keys: [confirmed(1)], groups: findingGroups({ environment: [env] }) });
const foundTwo = usageReport({
  keys: [confirmed(2)],
  groups: findingGroups({ environment: [env], ci: [workflow] }),
});
const running = (report: UsageReport): UsageReport => ({
  ...report,
  state: "running",
  endedAt: null,
  skipped: [],
});

function Section({ startsByItself }: { startsByItself: boolean }) {
  const search = useUsageSearch({ account: account().id, keys: ["101"], startsByItself });
  return <UsageSection account={account().id} row={{ id: "101", lastEight: "ab12cd34" }} search={search} />;
}

function open(script: Script, { startsByItself = true, isStrict = false } = {}) {
  const host = fakeHost(script);
  const section = <Section startsByItself={startsByItself} />;
  const view = render(
    <HostContext value={host}>{isStrict ? <StrictMode>{section}</StrictMode> : section}</HostContext>,
  );
  return { ...view, host, user: userEvent.setup() };
}

/** A search that the test drives. */
function driven() {
  const answer = deferred<UsageSearched>();
  const begun = deferred<null>();
  let tell: (progress: UsageProgress) => void = () => undefined;
  const script: Script = {
    usage_search: (_, onProgress) => {
      tell = onProgress;
      begun.resolve(null);
      return answer.promise;
    },
    usage_cancel: () => null,
  };
  return {
    script,
    begun: begun.promise,
    tell: (report: UsageReport, folder = "") => act(() => tell(usageProgress(running(report), folder))),
    end: (report: UsageReport) => act(() => answer.resolve(usageSearched(report))),
    fail: (error: Error) => act(() => answer.reject(error)),
  };
}

const row = (name: RegExp) => screen.getByRole("row", { name });

/** The list builds its rows in a second pass, after the words about the search. */
async function ended() {
  await screen.findByText(/^Searched/);
  await screen.findAllByRole("row");
}

describe("a search", () => {
  it("streams what it finds, under the article’s headings, and says how far it is", async () => {
    const run = driven();
    const { host } = open(run.script);
    await run.begun;
    expect(host.sent("usage_search")).toEqual([{ account: account().id, keys: ["101"], tier: "folders" }]);
    expect(screen.getByText("Searching…")).toBeVisible();
    run.tell(foundOne, "/home/olga/code/shop");
    expect(screen.getByText("/home/olga/code/shop")).toBeVisible();
    expect(screen.getByText("48,210 files")).toBeVisible();
    const group = screen.getByRole("region", { name: /^Application environment variables/ });
    expect(within(group).getByRole("row")).toHaveTextContent("~/code/shop/.env");
    expect(screen.getByText("Found in 1 places on this machine.")).toBeVisible();
    run.end(foundTwo);
    expect(await screen.findByText("Searched 48,210 files in 2.1 s", { exact: false })).toBeVisible();
    expect(row(/workflows/)).toHaveTextContent("this key");
    expect(screen.getByText("Nothing under third-party integrations or automation scripts.")).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it("is heard three times, however often it moves", async () => {
    const run = driven();
    open(run.script);
    await run.begun;
    const heard = () => screen.getAllByRole("status").map((status) => status.textContent)[0];
    expect(heard()).toBe("Searching this machine.");
    run.tell(foundOne);
    run.tell(foundTwo);
    expect(heard()).toBe("Found something; still searching this machine.");
    run.end(foundTwo);
    await waitFor(() => expect(heard()).toBe("Search ended. Found in 2 places on this machine."));
  });

  it("puts what it finds later in its place among what it found before", async () => {
    const run = driven();
    open(run.script);
    await run.begun;
    const later = finding({ shortPath: "~/code/shop/k8s/pulse.yaml", line: 4 });
    const found = (...environment: Finding[]) => usageReport({ groups: findingGroups({ environment }) });
    run.tell(found(later));
    expect(await screen.findByRole("row")).toHaveAccessibleName(/pulse\.yaml/);
    run.tell(found(env, later));
    run.end(found(env, later));
    await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(2));
    const names = screen.getAllByRole("row").map((each) => each.getAttribute("aria-label"));
    expect(names).toEqual([expect.stringContaining(".env"), expect.stringContaining("pulse.yaml")]);
  });

  it("shows what was found earlier until it says something itself", async () => {
    const run = driven();
    const last = { ...foundTwo, endedAt: daysAgo(3, Date.now()) };
    open({ ...run.script, usage_last: () => last });
    await run.begun;
    expect(await screen.findByRole("row", { name: /workflows/ })).toBeVisible();
    run.tell(foundTwo);
    expect(row(/workflows/)).toBeVisible();
    run.end(foundOne);
    await waitFor(() => expect(screen.queryByRole("row", { name: /workflows/ })).toBeNull());
    expect(row(/\.env/)).toBeVisible();
  });

  it("stopped: keeps what it found, and says that it was", async () => {
    const run = driven();
    const { host, user } = open(run.script);
    await run.begun;
    run.tell(foundOne);
    await user.click(getButton("Stop"));
    expect(host.sent("usage_cancel")).toEqual([{ account: account().id, keys: ["101"] }]);
    run.end({ ...foundOne, state: "stopped" });
    expect(await screen.findByText(/^Stopped after 48,210 files/)).toBeVisible();
    expect(row(/\.env/)).toBeVisible();
    expect(screen.getByText("Not searched: whatever came after the search was stopped.")).toBeVisible();
  });

  it("broken off: says where, keeps what it found, and claims nothing of the rest", async () => {
    const run = driven();
    open(run.script);
    await run.begun;
    run.tell(foundOne);
    const brokeOff = "The search broke off while it was reading /home/olga/a.zip. The rest was not searched.";
    run.end({ ...foundOne, state: "broken_off", brokeOff, endedAt: new Date().toISOString() });
    expect(await screen.findByText(brokeOff)).toBeVisible();
    expect(row(/\.env/)).toBeVisible();
    expect(screen.getByText("Not searched: whatever came after the search broke off.")).toBeVisible();
    expect(screen.queryByText(/^Nothing under/)).toBeNull();
    expect(screen.queryByText(/^Searched|^Stopped/)).toBeNull();
    const [heard] = screen.getAllByRole("status");
    expect(heard).toHaveTextContent(`${brokeOff} Found in 1 places on this machine.`);
    expect(await violations()).toEqual([]);
  });

  it("ends when nobody looks any more, and not when it has ended by itself", async () => {
    const run = driven();
    const first = open(run.script);
    await run.begun;
    first.unmount();
    expect(first.host.sent("usage_cancel")).toHaveLength(1);
    const second = open({});
    await screen.findByText(/^Searched/);
    second.unmount();
    expect(second.host.sent("usage_cancel")).toEqual([]);
  });

  it("begins once, also where effects run twice", async () => {
    const { host } = open({}, { isStrict: true });
    await screen.findByText(/^Searched/);
    expect(host.sent("usage_search")).toHaveLength(1);
    expect(host.sent("usage_cancel")).toEqual([]);
  });

  it("broken: says why, keeps what it found, and can be begun again", async () => {
    const run = driven();
    const { host, user } = open(run.script);
    await run.begun;
    run.tell(foundOne);
    host.script.usage_search = failing(errors.other);
    run.fail(new Error("broken"));
    expect(await screen.findByText("Something went wrong inside Pulse Keys.")).toBeVisible();
    expect(row(/\.env/)).toBeVisible();
    await user.click(getButton("Search again"));
    expect(await screen.findByText(errors.other.message)).toBeVisible();
    expect(row(/\.env/)).toBeVisible();
  });

  it("waits to be asked where it doesn’t start by itself, and goes further on request", async () => {
    const { host, user } = open({}, { startsByItself: false });
    expect(await screen.findByText("Not searched yet.")).toBeVisible();
    await user.click(getButton("Search"));
    await user.click(await screen.findByRole("button", { name: "Search everything" }));
    await waitFor(() =>
      expect(host.sent("usage_search").map(({ tier }) => tier)).toEqual(["folders", "everything"]),
    );
    expect(screen.queryByRole("button", { name: "Search everything" })).toBeNull();
  });
});

describe("what it says", () => {
  it("tells what it could not look into, and which on request", async () => {
    const skipped = [
      { words: "3 folders that you may not read", count: 3, examples: ["/srv/a", "/srv/b"], isGap: true },
      { words: "1 encrypted file", count: 1, examples: [], isGap: true },
      { words: "12 folders of what was downloaded or built", count: 12, examples: [], isGap: false },
    ];
    const { user } = open({ usage_search: () => usageSearched({ skipped }) });
    expect(
      await screen.findByText("Not searched: 3 folders that you may not read and 1 encrypted file."),
    ).toBeVisible();
    expect(screen.getByText("Left out: 12 folders of what was downloaded or built")).toBeVisible();
    expect(screen.queryByText("/srv/a")).toBeNull();
    await user.click(getButton("Show"));
    expect(screen.getByText("/srv/a")).toBeVisible();
    expect(screen.getByText("and 1 more")).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it("says that something unseen uses it, and never that it is safe", async () => {
    const usage = keyUsage({ ...nothingFound, usedBySomethingUnseen: true });
    const { container } = open({ usage_search: () => usageSearched({ keys: [usage] }) });
    expect(await screen.findByText("Nothing found in the places searched.")).toBeVisible();
    expect(screen.getByText(/by something that this search can’t see/)).toBeVisible();
    expect(container.textContent).not.toMatch(/safe/i);
  });

  it("names the token before, where that is what was looked for", async () => {
    const usage = { ...confirmed(1), lastEight: "01d01d00" };
    open({ usage_last: () => usageReport({ keys: [usage] }) }, { startsByItself: false });
    expect(await screen.findByText(/That was the token before, …01d01d00/)).toBeVisible();
  });

  it("tells each kind of finding apart, and how many more there are", async () => {
    const groups = findingGroups({
      environment: [
        env,
        finding({ id: "p", kind: "process", process: "node, process 4711", line: null, actions: [] }),
        finding({ shortPath: "~/.env.old", level: "older" }),
      ],
      integration: [finding({ shortPath: "~/.n8n/config", level: "hint", key: null, mask: "" })],
      elsewhere: [
        finding({ shortPath: "~/b.tar.gz", kind: "archive", inside: "shop/.env", actions: ["copy_path"] }),
        finding({
          shortPath: "~/notes.md",
          level: "mention",
          encoding: "base64",
          times: 3,
          predatesKey: true,
        }),
      ],
    }).map((group) => (group.heading === "elsewhere" ? { ...group, more: 1200 } : group));
    open({ usage_search: () => usageSearched({ keys: [confirmed(3)], groups }) });
    await ended();
    expect(row(/^node, process 4711/)).toHaveTextContent("needs a restart");
    expect(row(/env\.old/)).toHaveTextContent("older token");
    expect(row(/n8n/)).toHaveTextContent("by name");
    expect(row(/b\.tar/)).toHaveTextContent("in shop/.env");
    for (const words of ["mentions it", "in base64", "3 times", "written before the key existed"]) {
      expect(row(/notes/)).toHaveTextContent(words);
    }
    expect(screen.getByText("and 1,200 more")).toBeVisible();
    expect(screen.getByRole("region", { name: "Third-party integrations" })).toBeVisible();
    expect(screen.getByRole("region", { name: "Application environment variables 2" })).toBeVisible();
    expect(await violations()).toEqual([]);
  });
});

describe("what is done about a finding", () => {
  const git = finding({ shortPath: "~/shop/.git", kind: "git", line: null, actions: ["show", "copy_path"] });
  const script: Script = {
    usage_search: () =>
      usageSearched({
        keys: [confirmed(2)],
        groups: findingGroups({ environment: [env], elsewhere: [git] }),
      }),
    open_finding: () => null,
  };
  const asked = (action: string) => ({ account: account().id, key: "101", finding: env.id, action });

  it("opens, shows and copies by the finding’s id; only what can be done is offered", async () => {
    const { host, user } = open(script);
    await ended();
    for (const name of ["Open in editor", "Show in folder", "Copy path"]) {
      await user.click(within(row(/\.env/)).getByRole("button", { name }));
    }
    expect(host.sent("open_finding")).toEqual([asked("open"), asked("show"), asked("copy_path")]);
    expect(await screen.findByText("Path copied.")).toBeInTheDocument();
    expect(within(row(/\.git/)).queryByRole("button", { name: "Open in editor" })).toBeNull();
  });

  it("says why it could not be done", async () => {
    const { user } = open({ ...script, open_finding: failing(errors.other) });
    await ended();
    await user.click(within(row(/\.env/)).getByRole("button", { name: "Open in editor" }));
    expect(await screen.findByText(new RegExp(errors.other.message.replace(/[()]/g, ".")))).toBeVisible();
  });

  it("is reached by arrows, with one stop of Tab for each heading", async () => {
    const { user } = open(script);
    await ended();
    await user.click(getButton("Search everything"));
    await ended();
    await user.tab();
    for (let step = 0; step < 4 && document.activeElement !== row(/\.env/); step += 1) await user.tab();
    expect(row(/\.env/)).toHaveFocus();
    await user.keyboard("{ArrowRight}{ArrowRight}");
    expect(within(row(/\.env/)).getByRole("button", { name: "Show in folder" })).toHaveFocus();
  });

  it("works out where in the history it is when that is asked", async () => {
    const { host, user } = open({
      ...script,
      locate_finding: () => ({
        message: "A remote has it: treat the key as leaked, and rotate it.",
        pushed: true,
        commits: [{ commit: "4f1c2d9e8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e", paths: [".env"] }],
      }),
    });
    await ended();
    expect(host.sent("locate_finding")).toEqual([]);
    await user.click(getButton("Where in the history?"));
    expect(await screen.findByText(/treat the key as leaked/)).toBeVisible();
    expect(screen.getByText("4f1c2d9e8b")).toBeVisible();
    expect(host.sent("locate_finding")).toEqual([{ account: account().id, key: "101", finding: git.id }]);
    expect(await violations()).toEqual([]);
  });
});

it.each([
  [3, "0.1 s"],
  [2130, "2.1 s"],
  [185_000, "3 min 5 s"],
])("tells %s ms as %s", (milliseconds, words) => expect(duration(milliseconds)).toBe(words));
