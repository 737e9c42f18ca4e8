/** "I found this string": what is brought to it is named, kept nowhere, and leads on to its key. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { WindowEvent } from "../../bindings";
import { deferred, type Script } from "../../testing/fakeHost";
import { looked, recognisedToken, unlistedToken } from "../../testing/recognisedSamples";
import { expectFocusOn, failing, findRow, renderApp, signedIn, violations } from "../../testing/render";
import { account, appState, errors, keyRow } from "../../testing/samples";
import { deleteCard, rotateCard, token, TOKEN_TEXT } from "../../testing/sheetSamples";

const inside = TOKEN_TEXT.slice(5, 20);
const other = account({ id: "2", label: "night@acme.example" });

function start(changes: Script = {}) {
  let send: (event: WindowEvent) => void = () => undefined;
  const app = renderApp(
    signedIn(undefined, {
      recognise: () => looked([recognisedToken()]),
      attach_window: (_, onEvent) => {
        send = onEvent;
        return null;
      },
      ...changes,
    }),
  );
  return { ...app, drop: (name: string) => act(() => send({ kind: "dropped", name })) };
}

async function open(changes: Script = {}) {
  const app = start(changes);
  const row = await findRow("Terraform");
  act(() => row.focus());
  await app.user.keyboard("{Control>}{Shift>}F{/Shift}{/Control}");
  const dialog = await screen.findByRole("dialog", { name: "I found this string" });
  return { ...app, row, dialog };
}

const field = () => screen.getByLabelText("Token, or any text that it stands in");
const items = () => screen.getAllByRole("listitem");
const status = () => within(screen.getByRole("dialog")).getByRole("status");
/** All of the page, with what stands in its fields. */
const everything = () =>
  document.documentElement.outerHTML +
  Array.from(document.querySelectorAll("input"), ({ value }) => value).join(" ");

describe("a string", () => {
  it("that is pasted is named at once, and never gets into the page", async () => {
    const { user, host } = await open();
    expect(document.activeElement).toBe(field());
    expect(field()).toHaveAttribute("type", "password");
    expect(field()).toHaveAccessibleDescription(/^Never sent anywhere/);
    expect(await violations()).toEqual([]);

    const text = `# ours\nPULSEAPI_TOKEN=${TOKEN_TEXT}\n`;
    await user.paste(text);
    const item = await screen.findByRole("listitem", { name: /CI\/CD Pipeline/ });
    // With its lines, which a field of one line would lose.
    expect(host.sent("recognise")).toEqual([{ kind: "text", text }]);
    for (const words of ["…ab12cd34", "The token that this key has now", "Yes, by its checksum"]) {
      expect(within(item).getByText(words)).toBeVisible();
    }
    expect(item).toHaveTextContent("ops@acme.example · Acme Ops");
    expect(item).toHaveTextContent("Yes, as of the list fetched 4 min ago");
    expect(status()).toHaveTextContent(/^The token of “CI\/CD Pipeline”, genuine by its checksum/);
    expect(everything()).not.toContain(inside);
    expect(document.activeElement).toBe(field());
    expect(await violations()).toEqual([]);
  });

  it("that is typed is hidden, asked about by Enter, and gone from the page then", async () => {
    const { user, host } = await open();
    await user.keyboard("{Enter}");
    expect(host.sent("recognise")).toEqual([]);
    const before = field();
    await user.keyboard("pk_half");
    await user.paste("_other");
    expect(host.sent("recognise")).toEqual([{ kind: "text", text: "pk_half_other" }]);
    // What could be undone went with the field.
    expect(before).not.toBeInTheDocument();
    await user.keyboard("pk_typed{Enter}");
    expect(host.sent("recognise").at(-1)).toEqual({ kind: "text", text: "pk_typed" });
    expect(field()).toHaveValue("");
    await user.keyboard("unsent{Escape}");
    expect(everything()).not.toContain("unsent");
  });

  it.each([
    ["this_key", true, true, "The token that this key has now", 3],
    ["probable", null, true, "tokens of its kind have no checksum", 3],
    ["older", true, false, "No: the key has another token, as of", 1],
    ["mention", false, true, "No: cut off, masked or damaged", 1],
  ] as const)("is told as it is: %s", async (level, genuine, alive, words, ways) => {
    const found = recognisedToken({ level, genuine, alive });
    const { user } = await open({ recognise: () => looked([found]) });
    await user.paste("x");
    const item = await screen.findByRole("listitem");
    expect(item).toHaveTextContent(words);
    // What opens nothing gives no reason to delete its key.
    expect(within(item).getAllByRole("button")).toHaveLength(ways);
    expect(await violations()).toEqual([]);
  });

  it("of no key leads nowhere", async () => {
    const { user } = await open({ recognise: () => looked([unlistedToken()]) });
    await user.paste("x");
    const item = await screen.findByRole("listitem", { name: /Not one of your keys/ });
    expect(item).toHaveTextContent("Not known: nobody asked PulseAPI");
    expect(within(item).queryByRole("button")).toBeNull();
  });

  it("that is nothing, and one that can’t be looked at, are told in the app’s words", async () => {
    const { user, host } = await open({ recognise: () => looked([]) });
    await user.paste("x");
    await waitFor(() => expect(status()).toHaveTextContent("No token of PulseAPI was recognised in it."));
    host.script.recognise = failing(errors.other);
    await user.paste("y");
    await waitFor(() => expect(status()).toHaveTextContent(errors.other.message));
    expect(await violations()).toEqual([]);
  });

  it("that was asked about last is answered, however late the others come", async () => {
    const slow = deferred<null>();
    const { user } = await open({
      recognise: async (asked) => {
        if (asked.kind !== "text" || asked.text !== "slow") return looked([recognisedToken()]);
        await slow.promise;
        return looked([unlistedToken()]);
      },
    });
    await user.paste("slow");
    await user.paste("quick");
    await screen.findByRole("listitem", { name: /CI\/CD Pipeline/ });
    await act(async () => {
      slow.resolve(null);
      await slow.promise;
    });
    expect(items()).toHaveLength(1);
    expect(items()[0]).toHaveTextContent("CI/CD Pipeline");
  });
});

describe("a file", () => {
  const several = [recognisedToken({ line: 12 }), unlistedToken({ line: 40, encoding: "base64", key: null })];

  it("that is chosen is looked into; choosing none leaves what was there", async () => {
    const { user, host } = await open({ recognise: () => looked(several, "deploy.env") });
    await user.click(screen.getByRole("button", { name: "Choose a file…" }));
    expect(await screen.findByRole("heading", { name: "deploy.env · 2 strings recognised" })).toBeVisible();
    expect(items()[1]).toHaveTextContent("on line 40, in base64");
    expect(await violations()).toEqual([]);
    host.script.recognise = () => ({ kind: "cancelled" });
    await user.click(screen.getByRole("button", { name: "Choose a file…" }));
    await waitFor(() => expect(host.sent("recognise")).toEqual([{ kind: "choose" }, { kind: "choose" }]));
    expect(items()).toHaveLength(2);
  });

  it("that is dropped on the window opens the dialog, and is looked into, again and again", async () => {
    const { drop, host } = start({ recognise: () => looked(several, "deploy.env") });
    await findRow("Terraform");
    drop("deploy.env");
    await screen.findByRole("dialog", { name: "I found this string" });
    await waitFor(() => expect(items()).toHaveLength(2));
    drop("deploy.env");
    await waitFor(() => expect(host.sent("recognise")).toEqual([{ kind: "dropped" }, { kind: "dropped" }]));
  });

  it("that is dropped while something else is open waits for the user", async () => {
    const { drop, host, user } = start({ custody: () => ({ tokens: [token()] }) });
    await screen.findByRole("dialog", { name: /New token/ });
    drop("deploy.env");
    expect(await screen.findByText("Close what is open first.")).toBeInTheDocument();
    expect(screen.getByText("Then drop “deploy.env” again.")).toBeInTheDocument();
    expect(host.sent("recognise")).toEqual([]);
    await user.keyboard("{Escape}");
  });
});

describe("the dialog", () => {
  it("closes by Esc, gives the focus back, and knows nothing when it opens again", async () => {
    const { user, row } = await open();
    await user.paste(TOKEN_TEXT);
    await screen.findByRole("listitem");
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await expectFocusOn(() => row);
    await user.keyboard("{Control>}{Shift>}F{/Shift}{/Control}");
    await screen.findByRole("dialog", { name: "I found this string" });
    expect(screen.queryByRole("listitem")).toBeNull();
    expect(screen.getByText("Is it genuine, by its checksum?")).toBeVisible();
  });

  it.each([
    ["Details", "CI/CD Pipeline"],
    ["Rotate…", "Rotate “CI/CD Pipeline”?"],
    ["Delete…", "Delete “CI/CD Pipeline”?"],
  ])("%s leads to the card of the key, in its place", async (press, title) => {
    const { user, host } = await open({
      delete_card: () => deleteCard(),
      rotate_card: () => rotateCard(),
    });
    await user.paste(TOKEN_TEXT);
    await user.click(await screen.findByRole("button", { name: press }));
    expect(await screen.findByRole("dialog", { name: title })).toBeVisible();
    expect(screen.getAllByRole("dialog")).toHaveLength(1);
    expect(host.sent("delete_key")).toEqual([]);
    expect(host.sent("rotate_key")).toEqual([]);
    expect(everything()).not.toContain(inside);
  });

  it("leads to a key of another account without switching to it", async () => {
    const far = keyRow({ id: "77", name: "far away" });
    const { user, host } = await open({
      first_state: () => appState({ accounts: [account(), other] }),
      cached_keys: ({ account: id }) => ({
        account: id,
        keys: id === other.id ? [far] : [],
        fetchedAt: null,
        incomplete: null,
      }),
      recognise: () => looked([recognisedToken({ account: other.id, accountLabel: other.label, key: far })]),
    });
    await user.paste(TOKEN_TEXT);
    await user.click(await screen.findByRole("button", { name: "Details" }));
    const details = await screen.findByRole("dialog", { name: "far away" });
    expect(within(details).getByText(other.label)).toBeVisible();
    expect(host.sent("switch_account")).toEqual([]);
  });
});
