/** Settings → Preferences → Keep watch: off at first, turned on by keys, and what the app says of it. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { AppState, Notice, Preferences, WatchView, WindowEvent } from "../../bindings";
import { findRow, renderApp, signedIn, violations } from "../../testing/render";
import { account, appState, preferences } from "../../testing/samples";
import { checkedFolders } from "../../testing/searchFolderSamples";

async function open(first: Partial<Preferences> = {}) {
  let kept = preferences(first);
  let view: WatchView = { isLooking: false, lookedAt: null };
  let notices: Notice[] = [];
  let send: (event: WindowEvent) => void = () => undefined;
  const state = (): AppState => appState({ preferences: kept });
  const app = renderApp(
    signedIn(undefined, {
      first_state: state,
      write_preferences: (wanted) => {
        kept = wanted;
        return state();
      },
      search_folders: () => checkedFolders(kept.search, {}),
      reconcile: () => notices,
      watch: () => view,
      attach_window: (_, onEvent) => {
        send = onEvent;
        return null;
      },
    }),
  );
  await findRow("Zapier Integration");
  await app.user.keyboard("{Control>}4{/Control}");
  const group = await screen.findByRole("radiogroup", { name: "Search again every day" });
  const tell = (next: WatchView, found: Notice[] = []) => {
    view = next;
    notices = found;
    act(() => send({ kind: "watch_changed" }));
  };
  return { ...app, group, tell };
}

const answer = (group: HTMLElement, name: string) => within(group).getByRole("radio", { name });

it("is off, asks the app nothing then, and is turned on by keys alone", async () => {
  const { group, host, user } = await open();
  expect(answer(group, "Off")).toBeChecked();
  expect(group).toHaveAccessibleDescription(/^Off: nothing is searched unless you search/);
  expect(host.sent("watch")).toHaveLength(0);
  act(() => answer(group, "Off").focus());
  await user.keyboard("{ArrowRight}");
  await waitFor(() => expect(host.sent("write_preferences").at(-1)?.keepWatch).toBe(true));
  expect(await violations()).toEqual([]);
  await waitFor(() => expect(group).toHaveAccessibleDescription(/^The first search begins a minute after/));
});

it("says when it searches and when it did", async () => {
  const { group, tell } = await open({ keepWatch: true });
  tell({ isLooking: true, lookedAt: null });
  await waitFor(() => expect(group).toHaveAccessibleDescription(/^Searching now\./));
  tell({ isLooking: false, lookedAt: "2026-11-03T10:15:00Z" });
  await waitFor(() =>
    expect(group).toHaveAccessibleDescription(/^Searched .*2026.*, and again a day later\./),
  );
});

it("tells of a key in a new place, calmly, and leads to the key", async () => {
  const { host, tell, user } = await open({ keepWatch: true });
  const message = "“Zapier Integration” (…ab12cd34) turned up in a new place: ~/notes/b.txt.";
  const next = { kind: "details", account: account().id, key: "101" } as const;
  tell({ isLooking: false, lookedAt: null }, [{ id: "1", needsAttention: false, message, next }]);
  expect(await screen.findByText(message)).toBeVisible();
  expect(screen.queryByRole("alert")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Show the key" }));
  expect(await screen.findByRole("dialog")).toBeVisible();
  expect(host.sent("write_preferences")).toHaveLength(0);
});
