import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { DeleteCard, Revocation, RevocationConfirmed, Revocations, TokenSource } from "../../bindings";
import type { Script } from "../../testing/fakeHost";
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
import { account, appState, errors, keyRow, NOW } from "../../testing/samples";
import { deleteCard } from "../../testing/sheetSamples";

const noted = new Date(NOW).toISOString();
const first = keyRow({ id: "noted-1", name: "first", lastEight: "11111111", notedAt: noted });
const ci = keyRow({ id: "noted-2", name: "CI", notedAt: noted });
const last = keyRow({ id: "noted-3", name: "last", lastEight: "33333333", notedAt: noted });
const of = { account: account().id, key: ci.id };
const card: Partial<DeleteCard> = { key: ci, friction: "dialog", phrase: null };

const open = (changes: Partial<Revocation> = {}): Revocation => ({
  ...of,
  name: "CI",
  lastEight: ci.lastEight,
  own: false,
  triedAt: "2026-11-22T14:03:22Z",
  accepted: true,
  refused: false,
  inBrowser: true,
  inMemory: true,
  nextAt: new Date(Date.now() + 60_000).toISOString(),
  message: "“CI” is not deleted: PulseAPI still accepts its token.",
  ...changes,
});

const confirmed = (changes: Partial<RevocationConfirmed> = {}): RevocationConfirmed => ({
  ...of,
  at: "2026-11-22T14:03:37Z",
  inBrowser: true,
  message: "The token of “CI” gets 401: the key has left your list as deleted.",
  signedOut: null,
  ...changes,
});

/** A list of the user's own, whose watch the test tells from, with the delete card of the middle row open. */
async function openCard(changes: Script = {}, source: TokenSource | null = null) {
  let tell: (now: Revocations) => void = () => undefined;
  const app = renderApp(
    signedIn([], {
      first_state: () => appState({ accounts: [account({ keys: "guided" })] }),
      cached_keys: ({ account: id }) => ({
        account: id,
        keys: [first, ci, last],
        fetchedAt: null,
        incomplete: null,
      }),
      delete_card: () => deleteCard(card),
      begin_guided_deletion: () => ({ kind: "open", source }),
      check_guided_deletion: () => ({ kind: "tried" }),
      watch_revocations: (_, onProgress) => {
        tell = onProgress;
        return new Promise(() => undefined);
      },
      ...changes,
    }),
  );
  await app.user.click(await findRow("CI"));
  await app.user.keyboard("{Delete}");
  await screen.findByRole("dialog", { name: "Delete “CI”?" });
  return {
    ...app,
    tell: (now: Partial<Revocations>) => act(() => tell({ open: [], confirmed: [], ...now })),
  };
}

/** The same with the steps in the browser. */
async function openSteps(changes: Script = {}, source: TokenSource | null = null) {
  const app = await openCard(changes, source);
  await waitFor(() => expect(getButton("Delete in the browser…")).toBeEnabled());
  await app.user.click(getButton("Delete in the browser…"));
  const dialog = await screen.findByRole("dialog", { name: "Delete “CI” in the browser" });
  return { ...app, dialog };
}

describe("the delete card of a key of the user’s own list", () => {
  it("leads to the browser once the phrase is right, and sends no deletion", async () => {
    const { host, user } = await openCard({ delete_card: () => deleteCard({ ...card, phrase: "CI" }) });
    const input = await screen.findByLabelText("Type CI to delete it");
    expect(getButton("Delete in the browser…")).toBeDisabled();
    expect(getButton("Rotate instead")).toBeEnabled();
    await user.type(input, "CI{Enter}");
    expect(await screen.findByRole("dialog", { name: "Delete “CI” in the browser" })).toBeVisible();
    expect(host.sent("begin_guided_deletion")).toEqual([{ ...of, typed: "CI" }]);
    expect(host.sent("delete_key")).toEqual([]);
  });

  it("comes back with what changed", async () => {
    const { user } = await openCard({
      begin_guided_deletion: () => ({
        kind: "card_changed",
        card: deleteCard({ ...card, phrase: "CI" }),
        message: "Nothing was deleted: it is called otherwise now.",
      }),
    });
    await waitFor(() => expect(getButton("Delete in the browser…")).toBeEnabled());
    await user.click(getButton("Delete in the browser…"));
    expect(await screen.findByText(/it is called otherwise now/)).toBeVisible();
    expect(getButton("Delete in the browser…")).toBeDisabled();
  });
});

describe("the steps in the browser", () => {
  it("show the key to be compared, open the page, and say how to go on", async () => {
    const { dialog, host, user } = await openSteps({ open_dashboard: () => null });
    expect(within(dialog).getByText(`…${ci.lastEight}`)).toBeVisible();
    expect(within(dialog).getAllByRole("listitem")).toHaveLength(5);
    expect(await violations()).toEqual([]);
    await user.click(getButton("Open Settings → API Keys in the browser"));
    await waitFor(() => expect(host.sent("open_dashboard")).toHaveLength(1));
    await user.click(getButton("Back"));
    expect(await screen.findByRole("dialog", { name: "Delete “CI”?" })).toBeVisible();
  });

  it("take the token on its way and keep none of it in the page", async () => {
    const { dialog, host, user, tell } = await openSteps();
    const field = within(dialog).getByLabelText(/^Token of this key/);
    expect(field).toHaveAttribute("type", "password");
    await user.click(getButton("Check now"));
    expect(field).toHaveAccessibleDescription(/Paste the token/);
    expect(host.sent("check_guided_deletion")).toEqual([]);
    await user.type(field, "7|secret{Enter}");
    await waitFor(() => expect(host.sent("check_guided_deletion")).toEqual([{ ...of, token: "7|secret" }]));
    expect(field).toHaveValue("");

    tell({ open: [open()] });
    const found = await within(dialog).findByText(/is not deleted: PulseAPI still accepts its token\.$/);
    expect(found.parentElement).toHaveTextContent(
      /Still accepted at \d\d:03:22\. Tried again at \d\d:\d\d:\d\d/,
    );
    expect(within(dialog).queryByLabelText(/^Token of this key/)).toBeNull();
    expect(screen.queryByRole("button", { name: /I have deleted it/ })).toBeNull();
    expect(await violations()).toEqual([]);
    await user.click(getButton("Check now"));
    await waitFor(() => expect(host.sent("check_guided_deletion")).toHaveLength(2));
    expect(host.sent("check_guided_deletion")[1]).toEqual({ ...of, token: null });
  });

  it("end once the 401 was seen: the row goes, and the next one is looked at", async () => {
    const { user, tell } = await openSteps({}, "custody");
    await user.click(getButton("Check now"));
    tell({ open: [open({ inMemory: false })] });
    tell({ confirmed: [confirmed()] });
    const toast = await screen.findByText(/gets 401: the key has left your list as deleted/);
    expect(toast.parentElement).toHaveTextContent(/401 confirmed \d\d:03:37/);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await waitFor(() => expect(shownNames()).toEqual(["first", "last"]));
    await expectFocusOn(() => getRow("last"));
  });

  it("say why a pasted token was not tried", async () => {
    const { dialog, user } = await openSteps({
      check_guided_deletion: () => ({ kind: "refused", message: "This is not the token of “CI”." }),
    });
    const field = within(dialog).getByLabelText(/^Token of this key/);
    await user.type(field, "8|other{Enter}");
    await waitFor(() => expect(field).toHaveAccessibleDescription(/not the token of “CI”/));
  });

  it("leave a 401 that proves nothing to the user’s word, in the native dialog", async () => {
    const { dialog, host, user, tell } = await openSteps({
      confirm_guided_deletion: () => ({
        kind: "noted",
        at: "2026-11-22T14:05:00Z",
        message: "“CI” is off your list: deleted in the browser, as you say. It was not checked.",
      }),
    });
    tell({
      open: [open({ accepted: false, refused: true, nextAt: null, message: "It gets 401, no proof." })],
    });
    expect(await within(dialog).findByText("It gets 401, no proof.")).toBeVisible();
    expect(within(dialog).getByText(/^It gets 401, no proof\. \(\d\d:03:22\)$/)).toHaveRole("status");
    expect(within(dialog).getByLabelText(/^Token of this key/)).toBeVisible();
    await user.click(getButton("I have deleted it…"));
    expect(await screen.findByText(/as you say\. It was not checked/)).toBeVisible();
    expect(host.sent("confirm_guided_deletion")).toEqual([of]);
    await waitFor(() => expect(shownNames()).toEqual(["first", "last"]));
  });

  it("keep the key where the user says no, where it must be checked first, and where that fails", async () => {
    const { host, user } = await openSteps({ confirm_guided_deletion: () => ({ kind: "cancelled" }) });
    await user.click(getButton("I have deleted it…"));
    await waitFor(() => expect(getButton("Back")).toBeEnabled());
    host.script.confirm_guided_deletion = () => ({ kind: "check_first", message: "Press Check now." });
    await user.click(getButton("I have deleted it…"));
    expect(await screen.findByText(/Press Check now\./)).toBeVisible();
    host.script.confirm_guided_deletion = failing(errors.other);
    await user.click(getButton("I have deleted it…"));
    expect(await screen.findByText(new RegExp(errors.other.message.slice(0, 20)))).toBeVisible();
    await user.keyboard("{Escape}");
    expect(shownNames()).toEqual(["first", "CI", "last"]);
  });

  it("go on above the list when the sheet is closed, and lead back", async () => {
    const { user, tell } = await openSteps({}, "custody");
    await user.keyboard("{Escape}");
    tell({ open: [open({ nextAt: null })] });
    expect(await screen.findByText(/is not deleted: PulseAPI still accepts its token/)).toBeVisible();
    expect(screen.queryByText(/next start/)).toBeNull();
    expect(screen.getByText(/held in memory: closing Pulse Keys ends this/)).toBeVisible();
    await user.click(getButton("Go on…"));
    expect(await screen.findByRole("dialog", { name: "Delete “CI”?" })).toBeVisible();
    await user.keyboard("{Escape}");
    tell({ confirmed: [confirmed()] });
    await waitFor(() => expect(shownNames()).toEqual(["first", "last"]));
  });

  it("end with the account where it was the app’s own key", async () => {
    const { tell } = await openSteps({}, "own");
    tell({ confirmed: [confirmed({ signedOut: appState({ accounts: [], active: null }) })] });
    expect(await screen.findByText("Connect to PulseAPI")).toBeVisible();
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });
});

describe("several keys of the user’s own list", () => {
  it("are deleted one at a time", async () => {
    const { user } = await openCard();
    await user.keyboard("{Escape}");
    await user.keyboard("{Control>}a{/Control}");
    await user.click(within(getRow("CI")).getByRole("button"));
    const item = await screen.findByRole("menuitem", { name: /Delete/ });
    expect(item).toHaveAttribute("aria-disabled", "true");
    expect(item).toHaveTextContent("one at a time");
  });
});
