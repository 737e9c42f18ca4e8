import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { KeyRow, PasteOutcome, TokenTest } from "../../bindings";
import type { Script } from "../../testing/fakeHost";
import { failing, findRow, getButton, renderApp, signedIn, violations } from "../../testing/render";
import { account, appState, errors, keyRow, NOW } from "../../testing/samples";
import { rotateCard, token } from "../../testing/sheetSamples";

const at = new Date(NOW).toISOString();
const ci = keyRow({ id: "2", name: "CI", lastEight: "0ld0ld00", notedAt: at });
const tested: TokenTest = {
  new: { verdict: "accepted", message: "200: this token works.", at },
  old: { verdict: "refused", message: "401: the token before it is refused, as it should be.", at },
};

/** Signed in to a service without endpoints for keys, with this list of the user's own. */
function guided(rows: KeyRow[], changes: Script = {}) {
  return renderApp(
    signedIn([], {
      first_state: () => appState({ accounts: [account({ keys: "guided" })] }),
      cached_keys: ({ account: of }) => ({ account: of, keys: rows, fetchedAt: null, incomplete: null }),
      browser_rotate_card: () => rotateCard({ key: ci }),
      open_dashboard: () => null,
      ...changes,
    }),
  );
}

function taken(rows: KeyRow[], trouble: { message: string } | null = null): PasteOutcome {
  return {
    kind: "taken",
    token: token({ key: rows[0]?.id ?? null, name: "CI" }),
    tested,
    trouble: trouble === null ? null : { code: "other", message: trouble.message, hint: "" },
    list: { account: account().id, keys: rows, fetchedAt: null, incomplete: null },
  };
}

const tokenField = () => screen.getByLabelText("Paste the new token");

async function openRotation(changes: Script = {}) {
  const app = guided([ci], changes);
  await app.user.click(await findRow("CI"));
  await app.user.keyboard("{Control>}{Shift>}r{/Shift}{/Control}");
  const dialog = await screen.findByRole("dialog", { name: "Rotate “CI” in the browser?" });
  await screen.findAllByRole("radio");
  return { ...app, dialog };
}

describe("a key that is made in the browser", () => {
  it("shows the way and the steps, and takes the token into custody", async () => {
    const { host, user } = guided([]);
    await screen.findByText("No keys in your list yet");
    await user.keyboard("{Control>}n{/Control}");
    const dialog = await screen.findByRole("dialog", { name: "Create API key in the browser" });
    await waitFor(() => expect(screen.getByLabelText("Name")).toHaveFocus());
    expect(within(dialog).getByText(/displayed once/)).toBeVisible();
    await user.click(getButton(/Open Settings → API Keys/));
    expect(host.sent("open_dashboard")).toHaveLength(1);
    expect(await violations()).toEqual([]);
    expect(tokenField()).toHaveAttribute("type", "password");

    const made = keyRow({ id: "9", name: "Zapier", lastEight: "ab12cd34", notedAt: at });
    host.script.paste_token = () => taken([made]);
    await user.type(screen.getByLabelText("Name"), "Zapier");
    await user.type(screen.getByLabelText("Abilities"), "monitors:read");
    await user.click(tokenField());
    await user.paste("9|secret");
    await user.click(getButton("Keep the token"));
    expect(await screen.findByRole("dialog", { name: /New token of/ })).toBeVisible();
    expect(screen.getByText("200: this token works.")).toBeVisible();
    expect(host.sent("paste_token")).toEqual([
      {
        account: account().id,
        made: { kind: "created", name: "Zapier", abilities: "monitors:read", team: null },
        token: "9|secret",
        despiteDoubt: false,
      },
    ]);
    expect(document.body).not.toHaveTextContent("9|secret");
  });

  it("says at its field what can’t be the token, and asks where nothing proves it", async () => {
    const { host, user } = guided([]);
    await screen.findByText("No keys in your list yet");
    await user.keyboard("{Control>}n{/Control}");
    await screen.findByRole("dialog");
    host.script.paste_token = () => ({
      kind: "refused",
      problems: [{ field: "token", message: "This token is cut off." }],
    });
    await user.type(await screen.findByLabelText("Name"), "Zapier");
    await user.type(tokenField(), "9|cut");
    await user.click(getButton("Keep the token"));
    expect(await screen.findByText("This token is cut off.")).toBeVisible();
    expect(tokenField()).toBeInvalid();
    expect(tokenField()).toHaveValue("9|cut");
    host.script.paste_token = ({ despiteDoubt }) =>
      despiteDoubt ? taken([ci]) : { kind: "in_doubt", message: "It has no checksum." };
    await user.type(tokenField(), "more");
    await user.click(getButton("Keep the token"));
    expect(await screen.findByText("It has no checksum.")).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(getButton("It is the new token"));
    expect(await screen.findByRole("dialog", { name: /New token of/ })).toBeVisible();
    expect(host.sent("paste_token").at(-1)?.despiteDoubt).toBe(true);
  });

  it("is not left with a token that was pasted and not kept", async () => {
    const { user } = guided([], { paste_token: failing(errors.keychain) });
    await screen.findByText("No keys in your list yet");
    await user.keyboard("{Control>}n{/Control}");
    await user.type(await screen.findByLabelText("Paste the new token"), "9|secret");
    await user.click(getButton("Keep the token"));
    expect(await screen.findByText(errors.keychain.message)).toBeVisible();
    expect(tokenField()).toHaveValue("9|secret");
    await user.keyboard("{Escape}");
    expect(screen.getByText(/is not kept yet/)).toBeVisible();
    await user.click(getButton("Back"));
    expect(tokenField()).toHaveValue("9|secret");
    await user.keyboard("{Escape}");
    await user.click(getButton("Discard"));
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("a key that is rotated in the browser", () => {
  it("opens the card, asks why, and shows the key to look for", async () => {
    const { dialog, host } = await openRotation();
    expect(within(dialog).getByText("Something used this key 12 minutes ago.")).toBeVisible();
    expect(within(dialog).getByText(/the old token stops working at once/)).toBeVisible();
    expect(within(dialog).getAllByText("…0ld0ld00")).toHaveLength(2);
    expect(getButton("Keep the new token")).toBeDisabled();
    expect(host.sent("rotate_card")).toEqual([]);
    expect(await violations()).toEqual([]);
  });

  it("takes the new token, and shows what the old one got", async () => {
    const now = { ...ci, lastEight: "ab12cd34", rotatedAt: at };
    const { host, user } = await openRotation({
      paste_token: () => taken([now], { message: "Something to know." }),
    });
    await user.click(screen.getByRole("radio", { name: "The token leaked" }));
    await user.type(tokenField(), "2|secret{Enter}");
    expect(await screen.findByRole("dialog", { name: /New token of/ })).toBeVisible();
    expect(screen.getByText("Something to know.")).toBeVisible();
    expect(screen.getByText(/401: the token before it is refused/)).toBeVisible();
    expect(host.sent("paste_token").map(({ made }) => made)).toEqual([
      { kind: "rotated", key: "2", reason: "leaked" },
    ]);
    expect(await violations()).toEqual([]);
  });
});
