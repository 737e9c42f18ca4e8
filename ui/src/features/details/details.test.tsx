import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { WindowEvent } from "../../bindings";
import { deferred, type Script } from "../../testing/fakeHost";
import { lastUses } from "../../testing/lastUses";
import {
  expectFocusOn,
  failing,
  findRow,
  getButton,
  getRow,
  renderApp,
  shownNames,
  signedIn,
  violations,
} from "../../testing/render";
import { journalPage, journalRow } from "../../testing/journalSamples";
import { account, appState, daysAgo, errors, keyRow } from "../../testing/samples";
import { createForm, deleteCard, rotateCard, token } from "../../testing/sheetSamples";
import { finding, findingGroups, keyUsage, usageReport } from "../../testing/usageSamples";

const ci = keyRow({
  id: "2",
  rotatedAt: "2026-03-03T10:30:00Z",
  abilities: ["*", "monitors:write", "checks:run"],
});
const idle = keyRow({ id: "3", name: "idle", lastEight: "33333333", lastUsedAt: daysAgo(100), team: null });
const never = keyRow({ id: "4", name: "", lastEight: "44444444", lastUsedAt: null, abilities: [] });
const rows = [ci, idle, never];
const other = account({ id: "other", label: "sandbox", kind: "sandbox" });

const history = [7, 6, 5, 4, 3, 2, 1].map((number) =>
  journalRow({ number, keyId: "2", action: "rotate_key", outcome: `round ${number}` }),
);
const elsewhere = [
  journalRow({ number: 20, keyId: "3", outcome: "of another key" }),
  journalRow({ number: 21, keyId: "2", account: other.id, outcome: "of another account" }),
];

function app(changes: Script = {}, listed = rows) {
  return renderApp(
    signedIn(listed, {
      journal_page: (request) => journalPage([...elsewhere, ...history], request),
      usage_last: () => null,
      last_uses: () => ({ uses: [] }),
      ...changes,
    }),
  );
}

/** The sheet of a row, opened by Enter. */
async function openDetails(name = "CI/CD Pipeline", changes: Script = {}) {
  const opened = app(changes);
  const row = await findRow(name);
  act(() => row.focus());
  await opened.user.keyboard("{Enter}");
  const dialog = await screen.findByRole("dialog");
  return { ...opened, dialog };
}

const rowOf = (name: string) => () => getRow(name);

describe("the details", () => {
  it("show all that the list knows, and ask the service nothing", async () => {
    const { dialog, host } = await openDetails();
    expect(dialog).toHaveAccessibleName("CI/CD Pipeline");
    const shown = within(dialog);
    for (const text of ["…ab12cd34", "Acme Ops", "2", /3 Mar 2026, \d\d:30:00/, /14 Jan 2025/]) {
      expect(shown.getByText(text)).toBeVisible();
    }
    expect(shown.getByText(/says when, not by what/)).toBeVisible();
    expect(
      within(shown.getByRole("list", { name: "Abilities" }))
        .getAllByRole("listitem")
        .map(({ textContent }) => textContent),
    ).toEqual(["* (everything)", "monitors:write", "checks:run"]);
    expect(shown.getByText("Pulse Keys does not hold its token.")).toBeVisible();
    expect(host.sent("delete_card")).toEqual([]);
    expect(await shown.findByText("round 7")).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it("tell the last five things that were done with it here", async () => {
    const { dialog } = await openDetails();
    await within(dialog).findByText("round 7");
    const told = within(dialog).getAllByText(/^round|of another/);
    expect(told.map(({ textContent }) => textContent)).toEqual([
      "round 7",
      "round 6",
      "round 5",
      "round 4",
      "round 3",
    ]);
  });

  it("say so when nothing is known", async () => {
    const { dialog } = await openDetails("(no name)", { journal_page: failing(errors.other) });
    const shown = within(dialog);
    expect(dialog).toHaveAccessibleName("Key without a name");
    expect(shown.getByText("Never used")).toBeVisible();
    expect(shown.getByText("PulseAPI has never seen it used.")).toBeVisible();
    expect(shown.getByText("None: it can do nothing.")).toBeVisible();
    expect(shown.getByText("never")).toBeVisible();
    expect(await shown.findByText(/The journal can’t be read/)).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it("show a long name whole", async () => {
    const name = "long ".repeat(40).trim();
    const opened = app({}, [{ ...ci, name }]);
    const row = await findRow(/^long/);
    act(() => row.focus());
    await opened.user.keyboard("{Enter}");
    expect(within(await screen.findByRole("dialog")).getByText(name)).toBeVisible();
  });

  it("copy name and last 8", async () => {
    const { host, user, dialog } = await openDetails("CI/CD Pipeline", {
      copy_labels: () => ({ message: "Copied CI/CD Pipeline …ab12cd34." }),
    });
    await user.click(getButton("Copy name and last 8"));
    expect(await within(dialog).findByText("Copied CI/CD Pipeline …ab12cd34.")).toHaveAttribute(
      "role",
      "status",
    );
    expect(host.sent("copy_labels")).toEqual([{ account: account().id, keys: ["2"] }]);
    host.script.copy_labels = failing(errors.other);
    await user.click(getButton("Copy name and last 8"));
    expect(await within(dialog).findByText(new RegExp(errors.other.hint))).toBeVisible();
  });

  it("close by Esc and give the focus back to the row", async () => {
    const { user } = await openDetails("idle");
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await expectFocusOn(rowOf("idle"));
  });

  it.each([
    ["Rotate…", "Rotate “CI/CD Pipeline”?"],
    ["Delete…", "Delete “CI/CD Pipeline”?"],
    ["Duplicate…", "Create API key"],
  ])("%s leads to its card, in place of this one, and back to the row", async (press, title) => {
    const { host, user } = await openDetails("CI/CD Pipeline", {
      delete_card: () => deleteCard({ key: ci }),
      rotate_card: () => rotateCard({ key: ci }),
      create_form: () => createForm(),
    });
    await user.click(getButton(press));
    expect(await screen.findByRole("dialog", { name: title })).toBeVisible();
    expect(screen.getAllByRole("dialog")).toHaveLength(1);
    expect(host.sent("delete_key")).toEqual([]);
    await user.keyboard("{Escape}");
    await expectFocusOn(rowOf("CI/CD Pipeline"));
  });

  it("open its token where the app looks after it", async () => {
    const held = token({ key: "2", state: "kept" });
    const { user } = await openDetails("CI/CD Pipeline", { custody: () => ({ tokens: [held] }) });
    expect(screen.getByText("Kept in your keychain.")).toBeVisible();
    await user.click(getButton("Open token…"));
    expect(await screen.findByRole("dialog", { name: "Token of “CI/CD Pipeline”" })).toBeVisible();
    expect(screen.getAllByRole("dialog")).toHaveLength(1);
  });
});

describe("where and when it was used", () => {
  const usage = keyUsage({ key: "2", verdict: "confirmed", places: 1, words: "Found in 1 place." });
  const earlier = usageReport({
    endedAt: daysAgo(3, Date.now()),
    keys: [usage],
    groups: findingGroups({ environment: [finding({ key: "2" })] }),
  });
  const times = (dialog: HTMLElement) =>
    within(within(dialog).getByRole("list", { name: "Uses, the latest first" })).getAllByRole("listitem");

  it("says what the last search found, and how long ago that was; none begins by itself", async () => {
    const { dialog, host } = await openDetails("CI/CD Pipeline", { usage_last: () => earlier });
    const shown = within(dialog);
    expect(await shown.findByText("Found in 1 place.")).toBeVisible();
    expect(shown.getByText(/^Searched .* files in .*, 3 days ago$/)).toBeVisible();
    expect(shown.getByRole("row", { name: /\.env/ })).toBeVisible();
    expect(host.sent("usage_last")).toEqual([{ account: account().id, key: "2" }]);
    expect(host.sent("usage_search")).toEqual([]);
    expect(await violations()).toEqual([]);
  });

  it("searches again when it is told to, and stops when it is left", async () => {
    const { dialog, host, user } = await openDetails("CI/CD Pipeline", {
      usage_search: () => new Promise(() => undefined),
      usage_cancel: () => null,
    });
    expect(await within(dialog).findByText("Not searched yet.")).toBeVisible();
    await user.click(getButton("Search"));
    expect(host.sent("usage_search")).toEqual([{ account: account().id, keys: ["2"], tier: "folders" }]);
    await user.keyboard("{Escape}");
    await waitFor(() => expect(host.sent("usage_cancel")).toEqual([{ account: account().id, keys: ["2"] }]));
  });

  it("shows the uses that are known, a few and then all of them", async () => {
    const { dialog, user } = await openDetails("CI/CD Pipeline", { last_uses: () => lastUses(23) });
    const strip = await within(dialog).findByRole("img", { name: /^23 uses between / });
    expect(strip.children).toHaveLength(23);
    expect(within(dialog).getByText(/^First seen /)).toBeVisible();
    expect(within(dialog).getByText(/^Last seen /)).toBeVisible();
    expect(within(dialog).getByText(/there may have been others in between/)).toBeVisible();
    expect(times(dialog)).toHaveLength(3);
    expect(times(dialog)[1]).toHaveTextContent("1 day ago");
    await user.click(getButton("Show all 23"));
    expect(times(dialog)).toHaveLength(23);
    await user.click(getButton("Show fewer"));
    expect(times(dialog)).toHaveLength(3);
    expect(await violations()).toEqual([]);
  });

  it("says that the first that is kept is not the first", async () => {
    const { dialog } = await openDetails("CI/CD Pipeline", { last_uses: () => lastUses(50) });
    expect(await within(dialog).findByText(/^Earliest kept /)).toBeVisible();
    expect(within(dialog).queryByText(/^First seen /)).toBeNull();
  });

  it("draws no line through one use", async () => {
    const { dialog } = await openDetails("CI/CD Pipeline", { last_uses: () => lastUses(1) });
    await waitFor(() => expect(times(dialog)).toHaveLength(1));
    expect(within(dialog).queryByRole("img")).toBeNull();
  });

  it.each<[string, Script, RegExp]>([
    ["none", {}, /^No use is known on this machine yet/],
    ["a failure", { last_uses: failing(errors.other) }, /^This can’t be read\. The server answered/],
  ])("says so: %s", async (_, changes, words) => {
    const { dialog } = await openDetails("CI/CD Pipeline", changes);
    expect(await within(dialog).findByText(words)).toBeVisible();
  });
});

describe("a link to a key", () => {
  function linked(changes: Script = {}) {
    let send: (event: WindowEvent) => void = () => undefined;
    const opened = app({
      attach_window: (_, onEvent) => {
        send = onEvent;
        return null;
      },
      ...changes,
    });
    return { ...opened, follow: (key: string) => act(() => send({ kind: "link", key })) };
  }
  const twoAccounts: Script = {
    first_state: () => appState({ accounts: [account(), other] }),
    cached_keys: ({ account: id }) => ({
      account: id,
      keys:
        id === other.id ? [keyRow({ id: "77", name: "far away" }), keyRow({ id: "2", name: "not me" })] : [],
      fetchedAt: id === other.id ? daysAgo(1) : null,
      incomplete: null,
    }),
  };

  it("opens the details, on the list, and does nothing", async () => {
    const { follow, user, host } = linked();
    await findRow("idle");
    await user.click(screen.getByRole("tab", { name: "Activity" }));
    follow("3");
    expect(await screen.findByRole("dialog", { name: "idle" })).toBeVisible();
    const calls = new Set(host.calls.map(({ name }) => name));
    for (const action of ["delete_key", "rotate_key", "delete_keys", "switch_account"] as const) {
      expect(calls).not.toContain(action);
    }
    await user.keyboard("{Escape}");
    await expectFocusOn(rowOf("idle"));
  });

  it("waits for the list while that is on its way", async () => {
    const arrival = deferred<null>();
    const { follow } = linked({
      refresh_keys: async (_, onProgress) => {
        await arrival.promise;
        onProgress({ keys: rows, loaded: 3, total: 3 });
        return {
          fetchedAt: new Date().toISOString(),
          total: 3,
          settled: false,
          incomplete: null,
          readTwice: false,
        };
      },
    });
    await screen.findByRole("tab", { name: "API Keys" });
    follow("3");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(screen.queryByText(/No key 3/)).toBeNull();
    arrival.resolve(null);
    expect(await screen.findByRole("dialog", { name: "idle" })).toBeVisible();
  });

  it("shows a key of another account with that account’s name, and doesn’t switch", async () => {
    const { follow, host, user } = linked(twoAccounts);
    await findRow("idle");
    follow("77");
    const dialog = await screen.findByRole("dialog", { name: "far away" });
    expect(within(dialog).getByText("sandbox")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Duplicate…" })).toBeNull();
    expect(host.sent("switch_account")).toEqual([]);
    await user.keyboard("{Escape}");
    expect(shownNames()).toContain("idle");
  });

  it("means the account in use where a number is known twice", async () => {
    const { follow } = linked(twoAccounts);
    await findRow("idle");
    follow("2");
    expect(await screen.findByRole("dialog", { name: "CI/CD Pipeline" })).toBeVisible();
  });

  it("waits until the palette is closed", async () => {
    const { follow, user } = linked();
    await findRow("idle");
    await user.keyboard("{Control>}k{/Control}");
    const field = await screen.findByRole("combobox");
    follow("3");
    await user.keyboard("x");
    expect(field).toHaveValue("x");
    await user.keyboard("{Escape}");
    expect(await screen.findByRole("dialog", { name: "idle" })).toBeVisible();
  });

  it("says when no account has it", async () => {
    const { follow } = linked(twoAccounts);
    await findRow("idle");
    follow("1042");
    expect(await screen.findByText("No key 1042 in your accounts.")).toBeVisible();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("waits until what is open is closed; a token that waits comes first", async () => {
    const { user } = linked({
      custody: () => ({ tokens: [token({ key: "2" })] }),
      // As the app sends it that was started by the link.
      attach_window: (_, onEvent) => {
        onEvent({ kind: "link", key: "3" });
        return null;
      },
    });
    expect(await screen.findByRole("dialog", { name: "New token of “CI/CD Pipeline”" })).toBeVisible();
    await findHidden("idle");
    expect(screen.getAllByRole("dialog")).toHaveLength(1);
    await user.keyboard("{Escape}");
    await user.click(getButton("Leave it for later"));
    expect(await screen.findByRole("dialog", { name: "idle" })).toBeVisible();
    expect(screen.getAllByRole("dialog")).toHaveLength(1);
  });
});

/** A row under an open sheet. */
async function findHidden(name: string) {
  await waitFor(() => expect(screen.getByRole("rowheader", { name, hidden: true })).toBeInTheDocument());
}
