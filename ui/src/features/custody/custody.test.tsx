import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Custody, Notice, TokenInCustody } from "../../bindings";
import { deferred, type Script } from "../../testing/fakeHost";
import {
  expectFocusOn,
  failing,
  findRow,
  getButton,
  getRow,
  renderApp,
  signedIn,
  violations,
} from "../../testing/render";
import { appState, daysAgo, errors, keyRow, minutesAgo } from "../../testing/samples";
import { token, TOKEN_TEXT } from "../../testing/sheetSamples";

const ci = keyRow({ id: "101", lastUsedAt: daysAgo(1) });
const terraform = keyRow({ id: "107", name: "Terraform", lastEight: "30fa12c9", lastUsedAt: daysAgo(2) });

const waiting = token();
const kept = token({ id: "kept", state: "kept" });
const inMemory = token({ place: "memory", trouble: errors.refusedByKeychain });
const older = token({ id: "older", key: "107", name: "Terraform", arrivedAt: minutesAgo(90) });

function script(tokens: TokenInCustody[], changes: Script = {}): Script {
  const without = (id: string): Custody => ({ tokens: tokens.filter((each) => each.id !== id) });
  return signedIn([ci, terraform], {
    custody: () => ({ tokens }),
    reveal_token: () => TOKEN_TEXT,
    copy_token: () => ({ message: "Copied. The clipboard is cleared in 45 seconds.", clearsAfter: 45 }),
    token_stored: ({ token: id }) => without(id),
    keep_token: ({ token: id }) => ({
      tokens: tokens.map((each) =>
        each.id === id ? { ...each, state: "kept", place: "keychain", trouble: null } : each,
      ),
    }),
    ...changes,
  });
}

/** The reveal, as it opens by itself at the start. */
async function startWith(tokens: TokenInCustody[], changes: Script = {}) {
  const app = renderApp(script(tokens, changes));
  const dialog = await screen.findByRole("dialog");
  return { ...app, dialog };
}

/** The reveal of a token that doesn't wait, from its row's menu. */
async function openKept(changes: Script = {}) {
  const app = renderApp(script([kept], changes));
  await app.user.click(await screen.findByRole("button", { name: "Actions for CI/CD Pipeline" }));
  await app.user.click(await screen.findByRole("menuitem", { name: /^Open token…/ }));
  const dialog = await screen.findByRole("dialog", { name: "Token of “CI/CD Pipeline”" });
  return { ...app, dialog };
}

const page = () => document.documentElement.outerHTML;
const BANNER = /tokens? (is|are) waiting for you/;

async function leaveBy(user: Awaited<ReturnType<typeof startWith>>["user"], how: string) {
  const overlay = document.querySelector("[data-modal]");
  if (how === "{Escape}") await user.keyboard(how);
  else if (how === "outside" && overlay !== null) await user.click(overlay);
  else await user.click(getButton(how));
}

describe("the start", () => {
  it("opens a token that is found only while an interrupted request is settled", async () => {
    const settling = deferred<Notice[]>();
    let tokens: TokenInCustody[] = [];
    renderApp(script([], { custody: () => ({ tokens }), reconcile: () => settling.promise }));
    await findRow("CI/CD Pipeline");
    expect(screen.queryByRole("dialog")).toBeNull();
    tokens = [waiting];
    settling.resolve([]);
    expect(await screen.findByRole("dialog", { name: "New token of “CI/CD Pipeline”" })).toBeVisible();
  });

  it("opens the newest token that waits, by itself and once", async () => {
    const { dialog, user } = await startWith([waiting, older, kept]);
    expect(dialog).toHaveAccessibleName("New token of “CI/CD Pipeline”");
    expect(
      within(dialog).getByText("It is in your keychain until you say you have stored it."),
    ).toBeVisible();
    expect(within(dialog).getByText("1042|••••••••ab12cd34")).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.keyboard("{Escape}");
    await user.click(getButton("Leave it for later"));
    expect(screen.queryByRole("dialog")).toBeNull();
    await user.keyboard("{Control>}3{/Control}{Control>}1{/Control}");
    await findRow("CI/CD Pipeline");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("opens nothing for tokens that are kept", async () => {
    renderApp(script([kept]));
    await findRow("CI/CD Pipeline");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(screen.queryByText(BANNER)).toBeNull();
  });

  it("does so without an account too: signing out loses no token", async () => {
    const { dialog, user } = await startWith([waiting], { first_state: () => appState({ accounts: [] }) });
    expect(dialog).toHaveAccessibleName("New token of “CI/CD Pipeline”");
    await user.click(getButton("I have stored it"));
    expect(await screen.findByLabelText("Address")).toBeVisible();
    expect(screen.queryByText(BANNER)).toBeNull();
  });

  it("says when the tokens can’t be listed, and tries again", async () => {
    const { host, user } = renderApp(script([], { custody: failing(errors.keychain) }));
    expect(await screen.findByText(/Whether tokens wait for you can’t be seen now/)).toBeVisible();
    expect(await violations()).toEqual([]);
    host.script.custody = () => ({ tokens: [waiting] });
    await user.click(getButton("Retry"));
    expect(await screen.findByRole("dialog", { name: "New token of “CI/CD Pipeline”" })).toBeVisible();
  });
});

describe("the banner", () => {
  it("counts, stands on every tab, and opens one after the other only when asked", async () => {
    const { user } = await startWith([waiting, older]);
    await user.keyboard("{Escape}");
    await user.click(getButton("Leave it for later"));
    for (const tab of ["2", "3", "1"]) {
      await user.keyboard(`{Control>}${tab}{/Control}`);
      expect(screen.getByText("2 tokens are waiting for you.")).toBeVisible();
    }
    expect(await violations()).toEqual([]);
    await user.click(getButton("Open"));
    await user.click(getButton("I have stored it"));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(screen.getByText("1 token is waiting for you.")).toBeVisible();
    await user.click(getButton("Open"));
    expect(screen.getByRole("dialog", { name: "New token of “Terraform”" })).toBeVisible();
  });

  it("says where a token exists only in the window", async () => {
    const { user } = await startWith([inMemory]);
    await user.keyboard("{Escape}");
    await user.click(getButton("Leave it for later"));
    expect(screen.getByText(/It exists only in this window/)).toBeVisible();
  });

  it("neither comes nor goes under an open sheet", async () => {
    const { user } = await startWith([waiting], { keep_token: failing(errors.refusedByKeychain) });
    expect(screen.getByText("1 token is waiting for you.")).toBeInTheDocument();
    await user.click(getButton("Keep in keychain"));
    await screen.findByText(errors.refusedByKeychain.message);
    expect(screen.getByText("1 token is waiting for you.")).toBeInTheDocument();
  });
});

describe("the text of the token", () => {
  it("is nowhere before Reveal, nor after Hide", async () => {
    const { host, user } = await startWith([waiting]);
    expect(page()).not.toContain(TOKEN_TEXT);
    expect(host.sent("reveal_token")).toEqual([]);
    await user.click(getButton("Reveal"));
    expect(await screen.findByText(TOKEN_TEXT)).toBeVisible();
    expect(getButton("Hide")).toHaveFocus();
    await user.click(getButton("Hide"));
    expect(page()).not.toContain(TOKEN_TEXT);
    expect(screen.getByText("1042|••••••••ab12cd34")).toBeVisible();
  });

  it.each(["I have stored it", "Keep in keychain", "Leave it for later"])("is gone after %s", async (how) => {
    const { client, user } = await startWith([waiting]);
    await user.click(getButton("Reveal"));
    await screen.findByText(TOKEN_TEXT);
    if (how === "Leave it for later") await user.keyboard("{Escape}");
    await user.click(getButton(how));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(page()).not.toContain(TOKEN_TEXT);
    const cached = client
      .getQueryCache()
      .getAll()
      .map(({ state }) => state);
    expect(JSON.stringify(cached)).not.toContain(TOKEN_TEXT);
    if (how === "Leave it for later") {
      await user.click(getButton("Open"));
      expect(page()).not.toContain(TOKEN_TEXT);
    }
  });

  it("that comes after closing is dropped", async () => {
    const answer = deferred<string>();
    const { user } = await openKept({ reveal_token: () => answer.promise });
    await user.click(getButton("Reveal"));
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await act(() => {
      answer.resolve(TOKEN_TEXT);
      return answer.promise;
    });
    expect(page()).not.toContain(TOKEN_TEXT);
  });

  it("says why it can’t be shown", async () => {
    const { user } = await startWith([waiting], { reveal_token: failing(errors.keychain) });
    await user.click(getButton("Reveal"));
    expect(await screen.findByText(errors.keychain.message)).toBeVisible();
    expect(getButton("Reveal")).toBeVisible();
    expect(await violations()).toEqual([]);
  });
});

describe("copying", () => {
  it.each([
    ["Copy the token", "token"],
    ["Copy the .env line", "env"],
    ["Copy the curl line", "curl"],
  ] as const)("%s: says once what came of it", async (name, form) => {
    const { host, user } = await startWith([waiting]);
    const said = () =>
      screen
        .getAllByRole("status")
        .filter((each) => each.textContent.includes("The clipboard is cleared in 45 seconds"));
    expect(said()).toHaveLength(0);
    await user.click(getButton(name));
    await waitFor(() => expect(said()).toHaveLength(1));
    expect(screen.queryByRole("alert", { name: /Copied/ })).toBeNull();
    expect(host.sent("copy_token")).toEqual([{ token: waiting.id, form }]);
    expect(page()).not.toContain(TOKEN_TEXT);
    // Said again by other words in the page, not by the same ones that stayed.
    const [before] = said()[0]?.children ?? [];
    await user.click(getButton(name));
    await waitFor(() => expect(said()[0]?.children[0]).not.toBe(before));
    expect(said()).toHaveLength(1);
  });

  it("takes the words away when what they speak of has happened", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { user } = await startWith([waiting]);
    await user.click(getButton("Copy the token"));
    await screen.findByText(/The clipboard is cleared in 45 seconds/);
    await act(() => vi.advanceTimersByTimeAsync(46_000));
    expect(screen.queryByText(/The clipboard is cleared/)).toBeNull();
  });

  it("says why it didn’t work", async () => {
    const { user } = await startWith([waiting], { copy_token: failing(errors.other) });
    await user.click(getButton("Copy the token"));
    expect(await screen.findByText(errors.other.message)).toBeVisible();
  });
});

describe("testing it", () => {
  it("tells both calls with their times", async () => {
    const answer = deferred<null>();
    const { user } = await startWith([{ ...waiting, origin: "rotated", oldTokenKnown: true }], {
      test_token: async () => {
        await answer.promise;
        return {
          new: { verdict: "accepted", message: "200: the token works.", at: "2026-11-22T14:03:22Z" },
          old: { verdict: "refused", message: "401: the old one is refused.", at: "2026-11-22T14:03:23Z" },
        };
      },
    });
    await user.click(getButton("Test it"));
    await user.click(screen.getByRole("button", { name: /Test it/ }));
    answer.resolve(null);
    const results = await screen.findAllByRole("listitem");
    expect(results.map((each) => each.textContent)).toEqual([
      expect.stringMatching(/^New token 200: the token works\.\d\d:03:22$/),
      expect.stringMatching(/^Old token 401: the old one is refused\.\d\d:03:23$/),
    ]);
    expect(await violations()).toEqual([]);
  });

  it("speaks of one token where the other is not known", async () => {
    const { user } = await startWith([waiting], {
      test_token: () => ({
        new: { verdict: "refused", message: "401: the token is refused.", at: minutesAgo(0) },
        old: null,
      }),
    });
    await user.click(getButton("Test it"));
    expect(await screen.findByRole("listitem")).toHaveTextContent(/^Token 401: the token is refused/);
  });

  it("says why it couldn’t be tried", async () => {
    const { user } = await startWith([waiting], { test_token: failing(errors.offline) });
    await user.click(getButton("Test it"));
    expect(await screen.findByText(errors.offline.message)).toBeVisible();
    await waitFor(() => expect(getButton("Test it")).toBeEnabled());
  });
});

describe("settling it", () => {
  it("stored: the token leaves, its mark and the banner too", async () => {
    const { host, user } = await startWith([waiting]);
    expect(within(await findHiddenRow("CI/CD Pipeline")).getByLabelText("waiting")).toBeInTheDocument();
    await user.click(getButton("I have stored it"));
    expect(await screen.findByText(/was removed from your keychain/)).toBeVisible();
    expect(host.sent("token_stored")).toEqual([{ token: waiting.id }]);
    expect(screen.queryByText(BANNER)).toBeNull();
    expect(screen.queryByLabelText("waiting")).toBeNull();
    await expectFocusOn(() => getRow("CI/CD Pipeline"));
    await user.keyboard("{Shift>}{F10}{/Shift}");
    expect(await screen.findByRole("menuitem", { name: /Delete…/ })).toBeVisible();
    expect(screen.queryByRole("menuitem", { name: /^Open token…/ })).toBeNull();
  });

  it("kept: marked as such, and opened from its row", async () => {
    const { user } = await startWith([waiting]);
    await user.click(getButton("Keep in keychain"));
    expect(await screen.findByText(/is kept in your keychain\./)).toBeVisible();
    expect(screen.queryByText(BANNER)).toBeNull();
    expect(within(await findRow("CI/CD Pipeline")).getByLabelText("kept")).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(getButton("Actions for CI/CD Pipeline"));
    await user.click(await screen.findByRole("menuitem", { name: /^Open token…/ }));
    expect(await screen.findByRole("dialog", { name: "Token of “CI/CD Pipeline”" })).toBeVisible();
  });

  it.each(["I have stored it", "Keep in keychain"])("%s that fails leaves everything", async (how) => {
    const { user } = await startWith([waiting], {
      token_stored: failing(errors.keychain),
      keep_token: failing(errors.keychain),
    });
    await user.click(getButton(how));
    expect(await screen.findByText(errors.keychain.message)).toBeVisible();
    expect(getButton("I have stored it")).toBeEnabled();
    expect(getButton("Keep in keychain")).toBeEnabled();
  });

  it("can’t be left while it is being settled", async () => {
    const answer = deferred<Custody>();
    const { user } = await startWith([waiting], { token_stored: () => answer.promise });
    await user.click(getButton("I have stored it"));
    await user.keyboard("{Escape}");
    expect(getButton("Close")).toBeDisabled();
    expect(getButton("Keep in keychain")).toBeDisabled();
    expect(screen.queryByText(/has not been stored yet/)).toBeNull();
    answer.resolve({ tokens: [] });
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("only in memory: says so, and tries the keychain again", async () => {
    const { dialog, host, user } = await startWith([inMemory], {
      keep_token: failing(errors.refusedByKeychain),
    });
    expect(
      within(dialog).getByText(/Your keychain refused it\. It exists only in this window/),
    ).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(getButton("Keep in keychain"));
    await waitFor(() => expect(within(dialog).getAllByText(/unlocking it was declined/)).toHaveLength(2));
    host.script.keep_token = () => ({ tokens: [kept] });
    await user.click(getButton("Keep in keychain"));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(await screen.findByText(/is kept in your keychain\./)).toBeVisible();
  });

  it("says when the app itself signs in with it", async () => {
    const { dialog } = await startWith([{ ...waiting, own: true }]);
    expect(within(dialog).getByText(/Pulse Keys already signs in with this token/)).toBeVisible();
  });
});

describe("a token that the keychain does not have", () => {
  const missing = failing(errors.tokenMissing);

  it.each<[string, Script]>([
    ["Reveal", { reveal_token: missing }],
    ["Copy the token", { copy_token: missing }],
    ["Test it", { test_token: missing }],
    ["Keep in keychain", { keep_token: missing }],
  ])("%s: says so, and leaves it in the list", async (action, changes) => {
    const { host, user } = await startWith([waiting], changes);
    await user.click(getButton(action));
    expect(await screen.findByText(errors.tokenMissing.message)).toBeVisible();
    expect(screen.getByText(errors.tokenMissing.hint)).toBeVisible();
    expect(screen.queryByText(/It is in your keychain/)).toBeNull();
    expect(getButton("Remove from list…")).toBeVisible();
    expect(host.sent("token_stored")).toEqual([]);
    expect(await violations()).toEqual([]);
  });

  it("is removed from the list after a word, and no keychain is spoken of", async () => {
    const { host, user } = await startWith([waiting], { reveal_token: missing });
    await user.click(getButton("Reveal"));
    await user.click(await screen.findByRole("button", { name: "Remove from list…" }));
    const question = screen.getByRole("group", { name: /if you have no other copy you will have to rotate/ });
    expect(within(question).getByRole("button", { name: "Back" })).toHaveFocus();
    expect(host.sent("token_stored")).toEqual([]);
    await user.click(within(question).getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(host.sent("token_stored")).toEqual([{ token: waiting.id }]);
    expect(screen.getByText("The token of “CI/CD Pipeline” is no longer in the list.")).toBeVisible();
    expect(screen.queryByText(/was removed from your keychain/)).toBeNull();
    expect(screen.queryByText(BANNER)).toBeNull();
  });

  it("leaves by “I have stored it” too", async () => {
    const { host, user } = await startWith([waiting], { reveal_token: missing });
    await user.click(getButton("Reveal"));
    await screen.findByText(errors.tokenMissing.message);
    await user.click(getButton("I have stored it"));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(host.sent("token_stored")).toEqual([{ token: waiting.id }]);
  });

  it("offers that no more once the keychain has it again", async () => {
    const { host, user } = await startWith([waiting], { reveal_token: missing });
    await user.click(getButton("Reveal"));
    await screen.findByText(errors.tokenMissing.message);
    host.script.reveal_token = () => TOKEN_TEXT;
    await user.click(getButton("Reveal"));
    expect(await screen.findByText(TOKEN_TEXT)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Remove from list…" })).toBeNull();
    expect(screen.getByText(/It is in your keychain/)).toBeVisible();
  });
});

describe("leaving a token that waits", () => {
  const ways = ["{Escape}", "Close", "outside"];

  it.each(ways)("asks on %s, and stays by Back and by Esc", async (how) => {
    const { user } = await startWith([waiting]);
    for (const back of ["Back", "{Escape}"]) {
      await leaveBy(user, how);
      const question = screen.getByRole("group", { name: /This token has not been stored yet/ });
      expect(question).toHaveTextContent("It stays in your keychain and waits for you.");
      expect(within(question).getByRole("button", { name: "Back" })).toHaveFocus();
      expect(await violations()).toEqual([]);
      await leaveBy(user, back);
      expect(screen.queryByText(/has not been stored yet/)).toBeNull();
      expect(screen.getByRole("dialog")).toContainElement(document.activeElement as HTMLElement);
    }
    expect(getButton("I have stored it")).toBeEnabled();
  });

  it.each(ways)("is left by %s and a word, and waits on", async (how) => {
    const { host, user } = await startWith([waiting]);
    await leaveBy(user, how);
    await user.click(getButton("Leave it for later"));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(screen.getByText("1 token is waiting for you.")).toBeVisible();
    expect(host.sent("token_stored")).toEqual([]);
    expect(host.sent("keep_token")).toEqual([]);
  });

  it("says what is lost where it is only in memory", async () => {
    const { user } = await startWith([inMemory]);
    await user.keyboard("{Escape}");
    expect(screen.getByRole("group", { name: /has not been stored yet/ })).toHaveTextContent(
      "It exists only in this window and is lost when the app closes.",
    );
  });
});

describe("a token that is kept", () => {
  it.each(["{Escape}", "Close", "outside", "Done"])("is left by %s without a word", async (how) => {
    const { host, user } = await openKept();
    await leaveBy(user, how);
    expect(screen.queryByRole("dialog")).toBeNull();
    await expectFocusOn(() => getRow("CI/CD Pipeline"));
    expect(host.calls.map(({ name }) => name)).not.toContain("token_stored");
  });

  it("is removed after a word, which says that the key stays", async () => {
    const { host, user } = await openKept();
    await user.click(getButton("Remove from keychain…"));
    const question = screen.getByRole("group", { name: /The key itself keeps working/ });
    expect(within(question).getByRole("button", { name: "Back" })).toHaveFocus();
    expect(host.sent("token_stored")).toEqual([]);
    await user.click(within(question).getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(host.sent("token_stored")).toEqual([{ token: kept.id }]);
    expect(screen.queryByLabelText("kept")).toBeNull();
  });

  it("has no mark where the key has another token by now", async () => {
    renderApp(script([{ ...kept, lastEight: "00000000" }]));
    expect(within(await findRow("CI/CD Pipeline")).queryByLabelText("kept")).toBeNull();
  });
});

/** A row that an open sheet hides from assistive technology. */
async function findHiddenRow(name: string): Promise<HTMLElement> {
  const cell = await screen.findByRole("rowheader", { name, hidden: true });
  return cell.parentElement ?? document.body;
}
