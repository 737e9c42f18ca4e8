import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { KeyPageArrived, KeysRefreshed } from "../../bindings";
import { HostError } from "../../host/host";
import { deferred } from "../../testing/fakeHost";
import {
  expectFocusOn,
  failing,
  findRow,
  getRow,
  renderApp,
  shownNames,
  signedIn,
  violations,
} from "../../testing/render";
import {
  account,
  acme,
  appState,
  daysAgo,
  errors,
  hostileKeys,
  keyRow,
  labs,
  manyKeys,
  minutesAgo,
  sampleKeys,
} from "../../testing/samples";
import { deleteCard } from "../../testing/sheetSamples";

const [alpha, beta, gamma] = ["alpha", "beta", "gamma"].map((name, place) =>
  keyRow({ id: name, name, lastEight: `${place}aaaaaaa`, lastUsedAt: daysAgo(place + 1) }),
) as [ReturnType<typeof keyRow>, ReturnType<typeof keyRow>, ReturnType<typeof keyRow>];

function answering() {
  const answer = deferred<KeysRefreshed>();
  let arrive: (page: KeyPageArrived) => void = () => undefined;
  return {
    refresh_keys: (_: unknown, onProgress: (page: KeyPageArrived) => void) => {
      arrive = onProgress;
      return answer.promise;
    },
    arrive: (page: KeyPageArrived) => act(() => arrive(page)),
    answer,
  };
}

describe("the list", () => {
  it("shows names, tails, abilities and use", async () => {
    renderApp(signedIn());
    const row = await findRow("CI/CD Pipeline");
    expect(within(row).getByText("…ab12cd34")).toBeVisible();
    expect(within(row).getByText("monitors:write")).toBeVisible();
    expect(within(row).getByText("+2")).toBeVisible();
    expect(within(await findRow(/Grafana/)).getByText("Never used")).toBeVisible();
    expect(within(await findRow(/Pulse Keys/)).getByText("this app")).toBeVisible();
    expect(screen.getByText("12 keys")).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it("doesn’t claim “never” where the service doesn’t speak of use", async () => {
    renderApp(signedIn([keyRow({ name: "quiet", lastUsedAt: null, lastUseKnown: false })]));
    expect(within(await findRow("quiet")).getByText("Unknown")).toBeVisible();
  });

  it("renders hostile names as text, cut for display", async () => {
    renderApp(signedIn(hostileKeys()));
    await findRow(/<img src=x onerror="document.title=1"><b>bold<\/b>/);
    expect(document.querySelector("img, b, script")).toBeNull();
    expect(await findRow("(no name)")).toBeVisible();
    expect(shownNames()).toContain(`${"x".repeat(80)}…`);
    for (const hidden of ["\u202e", "\u202c", "\u0000"]) expect(shownNames().join()).not.toContain(hidden);
  });

  it("has only the rows in sight in the page, and says how many there are", async () => {
    renderApp(signedIn(manyKeys(10_000)));
    await screen.findByText("10,000 keys");
    expect(screen.getByRole("grid")).toHaveAttribute("aria-rowcount", "10001");
    expect(document.querySelectorAll("[role=row]").length).toBeLessThan(60);
  });

  it("shows pages as they arrive when nothing is remembered", async () => {
    const refresh = answering();
    renderApp(signedIn([], refresh));
    await waitFor(() => expect(screen.getByRole("tabpanel")).toBeVisible());
    await waitFor(() => refresh.arrive({ keys: [alpha], loaded: 1, total: 2 }));
    await findRow("alpha");
    expect(screen.getByText("1 of 2 keys loaded")).toBeVisible();
    refresh.arrive({ keys: [beta], loaded: 2, total: 2 });
    refresh.answer.resolve({
      fetchedAt: new Date().toISOString(),
      total: 2,
      settled: false,
      incomplete: null,
      readTwice: false,
    });
    await findRow("beta");
    expect(screen.getByText("2 keys")).toBeVisible();
  });

  it("shows what is remembered at once, merges what comes and drops what is gone", async () => {
    const refresh = answering();
    renderApp(
      signedIn([], {
        ...refresh,
        cached_keys: ({ account: id }) => ({
          account: id,
          keys: [alpha, beta],
          fetchedAt: daysAgo(0, Date.now()),
          incomplete: null,
        }),
      }),
    );
    await findRow("alpha");
    refresh.arrive({ keys: [{ ...beta, name: "beta two" }], loaded: 1, total: 2 });
    await findRow("beta two");
    expect(shownNames()).toEqual(["alpha", "beta two"]);
    refresh.arrive({ keys: [gamma], loaded: 2, total: 2 });
    refresh.answer.resolve({
      fetchedAt: new Date().toISOString(),
      total: 2,
      settled: false,
      incomplete: null,
      readTwice: false,
    });
    await findRow("gamma");
    expect(shownNames()).toEqual(["beta two", "gamma"]);
  });

  it("asks the app for rows whose page is late", async () => {
    let isFetched = false;
    renderApp(
      signedIn([], {
        cached_keys: ({ account: id }) =>
          isFetched
            ? { account: id, keys: [alpha, beta], fetchedAt: minutesAgo(0), incomplete: null }
            : { account: id, keys: [], fetchedAt: null, incomplete: null },
        refresh_keys: (_, onProgress) => {
          onProgress({ keys: [alpha], loaded: 1, total: 2 });
          isFetched = true;
          return { fetchedAt: minutesAgo(0), total: 2, settled: false, incomplete: null, readTwice: false };
        },
      }),
    );
    await findRow("beta");
  });

  it("takes the list from the app when it was read twice: a key of the first reading may be gone", async () => {
    let isFetched = false;
    renderApp(
      signedIn([], {
        cached_keys: ({ account: id }) =>
          isFetched
            ? { account: id, keys: [beta, gamma], fetchedAt: minutesAgo(0), incomplete: null }
            : { account: id, keys: [alpha, beta], fetchedAt: minutesAgo(5), incomplete: null },
        refresh_keys: (_, onProgress) => {
          onProgress({ keys: [alpha, beta], loaded: 2, total: 2 });
          isFetched = true;
          return { fetchedAt: minutesAgo(0), total: 2, settled: false, incomplete: null, readTwice: true };
        },
      }),
    );
    await findRow("gamma");
    expect(shownNames()).toEqual(["beta", "gamma"]);
  });

  it("says that a list is incomplete, and keeps what it knew", async () => {
    const why = "The list is incomplete: PulseAPI reports 4 keys and sent 2.";
    const { host, user } = renderApp(
      signedIn([], {
        cached_keys: ({ account: id }) => ({
          account: id,
          keys: [alpha, beta, gamma],
          fetchedAt: new Date(Date.now() - 47 * 60_000).toISOString(),
          incomplete: null,
        }),
        refresh_keys: (_, onProgress) => {
          onProgress({ keys: [alpha, beta], loaded: 2, total: 4 });
          return { fetchedAt: minutesAgo(0), total: 2, settled: false, incomplete: why, readTwice: true };
        },
      }),
    );
    expect(await screen.findByText(new RegExp(why))).toBeVisible();
    expect(shownNames()).toEqual(["alpha", "beta", "gamma"]);
    expect(screen.getByText("Complete 47 min ago")).toBeVisible();
    expect(await violations()).toEqual([]);

    host.script.refresh_keys = signedIn([alpha, beta]).refresh_keys;
    const banner = screen.getByText(new RegExp(why)).closest("div")?.parentElement;
    if (!banner) throw new Error("it stands in no banner");
    await user.click(within(banner).getByRole("button", { name: "Refresh" }));
    await waitFor(() => expect(screen.queryByText(new RegExp(why))).toBeNull());
    expect(shownNames()).toEqual(["alpha", "beta"]);
  });

  it("puts what isn’t known last, whichever way it is sorted", async () => {
    const never = keyRow({ id: "n", name: "never", lastUsedAt: null, createdAt: daysAgo(9) });
    const odd = keyRow({ id: "o", name: "odd", lastUsedAt: null, lastUseKnown: false, createdAt: null });
    const { user } = renderApp(signedIn([odd, alpha, never, beta]));
    const row = await findRow("odd");
    expect(within(row).getAllByText("Unknown")).toHaveLength(2);
    expect(shownNames()).toEqual(["alpha", "beta", "never", "odd"]);
    await user.click(screen.getByRole("button", { name: "Last used" }));
    await waitFor(() => expect(shownNames()).toEqual(["never", "beta", "alpha", "odd"]));
    await user.click(screen.getByRole("button", { name: "Created" }));
    await waitFor(() => expect(shownNames().at(-1)).toBe("odd"));
    await user.click(screen.getByRole("button", { name: "Created" }));
    await waitFor(() => expect(shownNames().at(-1)).toBe("odd"));
  });

  it("keeps the focus on its row through a refresh, wherever that row goes", async () => {
    const { host, user } = renderApp(signedIn([alpha, beta, gamma]));
    await user.click(await findRow("beta"));
    host.script.refresh_keys = (_, onProgress) => {
      onProgress({ keys: [alpha, { ...beta, lastUsedAt: minutesAgo(1) }, gamma], loaded: 3, total: 3 });
      return { fetchedAt: minutesAgo(0), total: 3, settled: false, incomplete: null, readTwice: false };
    };
    await user.keyboard("{F5}");
    await waitFor(() => expect(shownNames()).toEqual(["beta", "alpha", "gamma"]));
    expect(await findRow("beta")).toHaveFocus();
  });

  it("hands the focus on to the next row when its own goes, not to the one that comes into sight", async () => {
    const many = Array.from({ length: 60 }, (_, place) =>
      keyRow({ id: `k${place}`, name: `key ${place}`, lastUsedAt: minutesAgo(place + 1) }),
    );
    const { host, user } = renderApp(signedIn(many));
    await user.click(await findRow("key 0"));
    host.script.refresh_keys = (_, onProgress) => {
      onProgress({ keys: many.slice(1), loaded: 59, total: 59 });
      return { fetchedAt: minutesAgo(0), total: 59, settled: false, incomplete: null, readTwice: false };
    };
    await user.keyboard("{F5}");
    await screen.findByText("59 keys");
    await expectFocusOn(() => getRow("key 1"));
  });
});

describe("states of the list", () => {
  it("says that there are none", async () => {
    renderApp(signedIn([]));
    expect(await screen.findByRole("heading", { name: "No API keys" })).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it("says why nothing could be loaded, and tries again", async () => {
    const { host, user } = renderApp(signedIn([], { refresh_keys: failing(errors.offline) }));
    expect(await screen.findByText(errors.offline.message)).toBeVisible();
    expect(await violations()).toEqual([]);
    host.script.refresh_keys = signedIn([alpha]).refresh_keys;
    await user.click(screen.getByRole("button", { name: "Retry" }));
    await findRow("alpha");
  });

  const remembering = ({ account: id }: { account: string }) => ({
    account: id,
    keys: [alpha, beta],
    fetchedAt: new Date(Date.now() - 47 * 60_000).toISOString(),
    incomplete: null,
  });

  it.each([errors.offline, errors.rateLimited])(
    "keeps the remembered list under a failure ($code)",
    async (error) => {
      renderApp(signedIn([], { cached_keys: remembering, refresh_keys: failing(error) }));
      const banner = await screen.findByRole("alert");
      expect(banner).toHaveTextContent(error.message);
      expect(banner).toHaveTextContent("Shown as of 47 min ago.");
      expect(shownNames()).toEqual(["alpha", "beta"]);
      expect(within(banner).getByRole("button", { name: "Retry" })).toBeVisible();
      expect(await violations()).toEqual([]);
    },
  );

  it("leads from a refused credential to signing in again, at the same address", async () => {
    const own = account({ baseUrl: "https://pulse.example/api/v1" });
    const { user } = renderApp(
      signedIn([], {
        first_state: () => appState({ accounts: [own] }),
        cached_keys: remembering,
        refresh_keys: failing(errors.unauthorized),
      }),
    );
    await user.click(await screen.findByRole("button", { name: "Sign in again…" }));
    expect(screen.getByRole("heading", { name: "Sign in again to ops@acme.example" })).toHaveFocus();
    expect(screen.getByLabelText("Address")).toHaveValue("https://pulse.example/api/v1");
    expect(await violations()).toEqual([]);
  });

  it("doesn’t bring back a key that was deleted while a page was on its way", async () => {
    const refresh = answering();
    const { user } = renderApp(
      signedIn([], {
        ...refresh,
        cached_keys: remembering,
        delete_card: () => deleteCard({ key: alpha, friction: "dialog", phrase: null }),
        delete_key: () => ({
          kind: "gone_already",
          message: "alpha was gone already.",
          signedOut: null,
        }),
      }),
    );
    await user.click(await findRow("alpha"));
    await user.keyboard("{Delete}");
    await user.click(await screen.findByRole("button", { name: "Delete key…" }));
    await waitFor(() => expect(shownNames()).toEqual(["beta"]));
    refresh.arrive({ keys: [alpha, beta], loaded: 2, total: 2 });
    refresh.answer.resolve({
      fetchedAt: minutesAgo(0),
      total: 2,
      settled: false,
      incomplete: null,
      readTwice: false,
    });
    await screen.findByText("1 key");
    expect(shownNames()).toEqual(["beta"]);
  });
});

describe("finding keys", () => {
  it("searches names, tails and abilities, counts, and leads back", async () => {
    const { user } = renderApp(signedIn());
    await findRow("CI/CD Pipeline");
    await user.keyboard("/");
    const field = screen.getByRole("textbox", { name: "Search keys" });
    expect(field).toHaveFocus();
    await user.keyboard("AB12");
    expect(shownNames()).toEqual(["CI/CD Pipeline"]);
    expect(screen.getByText("1 of 12 keys")).toBeVisible();
    await user.keyboard("zzz");
    expect(screen.getByRole("heading", { name: /No key matches “AB12zzz”/ })).toBeVisible();
    const [, inState] = screen.getAllByRole("button", { name: "Clear search" });
    await user.click(inState ?? field);
    expect(field).toHaveFocus();
    expect(screen.getByText("12 keys")).toBeVisible();
    await user.type(field, "x{Escape}");
    expect(field).toHaveValue("");
  });

  it("sorts by a column and back, never used being the oldest use", async () => {
    const { user } = renderApp(signedIn([alpha, keyRow({ id: "n", name: "never", lastUsedAt: null }), beta]));
    await findRow("alpha");
    expect(shownNames()).toEqual(["alpha", "beta", "never"]);
    await user.click(screen.getByRole("button", { name: "Last used" }));
    expect(shownNames()).toEqual(["never", "beta", "alpha"]);
    expect(screen.getByRole("columnheader", { name: "Last used" })).toHaveAttribute("aria-sort", "ascending");
    await user.click(screen.getByRole("button", { name: "Name" }));
    expect(shownNames()).toEqual(["alpha", "beta", "never"]);
  });

  it("narrows to a team, and names teams only where there are several", async () => {
    const rows = [alpha, { ...beta, team: labs }];
    const state = appState({ accounts: [account({ teams: [acme, labs] })] });
    const { user } = renderApp(signedIn(rows, { first_state: () => state }));
    await findRow("alpha");
    expect(screen.getByRole("columnheader", { name: "Team" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: /Team/, expanded: false }));
    await user.click(await screen.findByRole("option", { name: /Acme Labs/ }));
    expect(shownNames()).toEqual(["beta"]);
    expect(screen.getByText("1 of 2 keys")).toBeVisible();
    expect(screen.queryByRole("columnheader", { name: "Team" })).toBeNull();
  });
});

describe("keys of the list", () => {
  it("moves by arrows, j and k, Home and End, and through the cells", async () => {
    const { user } = renderApp(signedIn([alpha, beta, gamma]));
    await user.click(await findRow("alpha"));
    await user.keyboard("j");
    expect(await findRow("beta")).toHaveFocus();
    await user.keyboard("{ArrowDown}");
    expect(await findRow("gamma")).toHaveFocus();
    await user.keyboard("k");
    expect(await findRow("beta")).toHaveFocus();
    await user.keyboard("{End}");
    expect(await findRow("gamma")).toHaveFocus();
    await user.keyboard("{Home}");
    expect(await findRow("alpha")).toHaveFocus();
    await user.keyboard("{ArrowRight}");
    expect(screen.getByRole("rowheader", { name: "alpha" })).toHaveFocus();
    await user.keyboard("{ArrowLeft}{ArrowUp}");
    expect(screen.getByRole("button", { name: "Last used" })).toHaveFocus();
    await user.keyboard("{ArrowDown}");
    expect(await findRow("alpha")).toHaveFocus();
  });

  it("opens the row menu by Shift+F10, and the card from it", async () => {
    const { user } = renderApp(signedIn([alpha], { delete_card: () => deleteCard({ key: alpha }) }));
    await user.click(await findRow("alpha"));
    await user.keyboard("{Shift>}{F10}{/Shift}");
    const item = await screen.findByRole("menuitem", { name: /Delete…/ });
    expect(await violations()).toEqual([]);
    await user.click(item);
    expect(await screen.findByRole("dialog", { name: "Delete “alpha”?" })).toBeVisible();
  });

  it("moves nothing under an open menu, and catches up when it closes", async () => {
    const { arrive, answer, ...handlers } = answering();
    const { user } = renderApp(
      signedIn([alpha], {
        cached_keys: ({ account: id }) => ({
          account: id,
          keys: [alpha],
          fetchedAt: minutesAgo(3),
          incomplete: null,
        }),
        ...handlers,
      }),
    );
    await user.click(await findRow("alpha"));
    await user.keyboard("{Shift>}{F10}{/Shift}");
    await screen.findByRole("menu");
    arrive({ keys: [beta, alpha], loaded: 2, total: 2 });
    answer.resolve({
      fetchedAt: minutesAgo(0),
      total: 2,
      settled: false,
      incomplete: null,
      readTwice: false,
    });
    await act(() => answer.promise);
    expect(screen.getByRole("menu")).toBeVisible();
    // An open menu hides what is around it from assistive technology.
    expect(screen.getAllByRole("rowheader", { hidden: true })).toHaveLength(1);
    await user.keyboard("{Escape}");
    await findRow("beta");
  });

  it("refreshes by F5 and by Ctrl+R", async () => {
    const { host, user } = renderApp(signedIn([alpha]));
    await findRow("alpha");
    await user.keyboard("{F5}");
    await waitFor(() => expect(host.sent("refresh_keys")).toHaveLength(2));
    await user.keyboard("{Control>}r{/Control}");
    await waitFor(() => expect(host.sent("refresh_keys")).toHaveLength(3));
  });

  it("leaves Delete and letters to text fields", async () => {
    const { host, user } = renderApp(signedIn([alpha]));
    await findRow("alpha");
    await user.keyboard("/");
    await user.keyboard("j/k{ArrowLeft}{Delete}");
    expect(screen.getByRole("textbox", { name: "Search keys" })).toHaveValue("j/");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(host.sent("delete_card")).toEqual([]);
  });

  it("opens nothing by Delete where no row has the focus", async () => {
    const { user } = renderApp(signedIn([alpha]));
    await findRow("alpha");
    screen.getByRole("button", { name: /Refresh/ }).focus();
    await user.keyboard("{Delete}");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("shows the exact time to the focus too", async () => {
    const { user } = renderApp(signedIn([alpha]));
    await user.click(await findRow("alpha"));
    await user.keyboard("{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}");
    expect(await screen.findByRole("tooltip")).toHaveTextContent(/Last used \d+ Nov 2026, /);
  });
});

describe("a list that fails while the app is in use", () => {
  it("keeps rows, focus and scroll, and recovers", async () => {
    const { host, user } = renderApp(signedIn(sampleKeys()));
    await user.click(await findRow("Terraform"));
    host.script.refresh_keys = () => Promise.reject(new HostError(errors.rateLimited));
    await user.keyboard("{F5}");
    await screen.findByText(new RegExp(errors.rateLimited.message));
    await expectFocusOn(() => getRow("Terraform"));
    host.script.refresh_keys = signedIn(sampleKeys()).refresh_keys;
    await user.click(screen.getByRole("button", { name: "Retry" }));
    await waitFor(() => expect(screen.queryByText(new RegExp(errors.rateLimited.message))).toBeNull());
  });
});
