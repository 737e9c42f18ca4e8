import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { KeyRow, NotedKey, TableRow } from "../../bindings";
import type { Script } from "../../testing/fakeHost";
import { findRow, renderApp, signedIn, violations } from "../../testing/render";
import { account, appState, keyRow, NOW } from "../../testing/samples";

/** Signed in to a service without endpoints for keys, with this list of the user's own. */
function guided(rows: KeyRow[]) {
  return signedIn([], {
    first_state: () => appState({ accounts: [account({ keys: "guided" })] }),
    cached_keys: ({ account: of }) => ({ account: of, keys: rows, fetchedAt: null, incomplete: null }),
  });
}

const NOW_TEXT = new Date(NOW).toISOString();

function noted(name: string, lastEight: string): NotedKey {
  const unknown = { abilities: [], team: null, lastUsedAt: null, lastUseKnown: false, createdAt: null };
  return { name, lastEight, ...unknown };
}

function tableRow(line: number, key: NotedKey | null): TableRow {
  return { line, key, problem: null, remarks: [], replaces: false };
}

describe("the list of an account whose service lists no keys", () => {
  it("is the user’s own: nobody is asked for it, and it has no age", async () => {
    const { host } = renderApp(guided([keyRow({ name: "CI" })]));
    await findRow("CI");
    expect(screen.getByText(/the list is your own/)).toBeVisible();
    expect(screen.getByText("1 key in your own list")).toBeVisible();
    expect(screen.queryByText(/Updated|Loading|Not complete/)).toBeNull();
    expect(screen.queryByRole("button", { name: /Refresh/ })).toBeNull();
    expect(host.sent("refresh_keys")).toEqual([]);
    expect(await violations()).toEqual([]);
  });

  it("says that it is empty and whose it is", async () => {
    renderApp(guided([]));
    expect(await screen.findByText("No keys in your list yet")).toBeVisible();
    expect(screen.getByRole("button", { name: "Create API key" })).toBeEnabled();
  });

  it("lets go of a whole token, and says that it does not belong there", async () => {
    const { host, user } = renderApp(guided([]));
    const message = "A whole token does not belong here, only its last 8 characters.";
    host.script.note_key = () => ({
      kind: "refused",
      problems: [{ field: "last_eight", message, holdsToken: true, lastEight: null }],
    });
    await user.click(await screen.findByRole("button", { name: "Add key…" }));
    await user.type(await screen.findByLabelText("Name"), "Zapier");
    await user.type(screen.getByLabelText("Last 8 characters"), "1042|secret");
    await user.click(screen.getByRole("button", { name: "Add to list" }));
    expect(await screen.findByText(message)).toBeVisible();
    expect(screen.getByLabelText("Last 8 characters")).toHaveValue("");
    expect(screen.getByLabelText("Name")).toHaveValue("Zapier");
  });

  it("takes a key that is typed, and says what is wrong at its field", async () => {
    const { host, user } = renderApp(guided([]));
    let isRefused = true;
    host.script.note_key = ({ account: of, name, lastEight }) => {
      if (isRefused) {
        isRefused = false;
        const message = "These are 3 characters.";
        return {
          kind: "refused",
          problems: [{ field: "last_eight", message, holdsToken: false, lastEight: null }],
        };
      }
      const noted = keyRow({ id: "noted-1", name, lastEight, notedAt: NOW_TEXT });
      return { kind: "noted", list: { account: of, keys: [noted], fetchedAt: null, incomplete: null } };
    };
    await user.click(await screen.findByRole("button", { name: "Add key…" }));
    await user.type(await screen.findByLabelText("Name"), "Zapier");
    await user.type(screen.getByLabelText("Last 8 characters"), "abc");
    await user.click(screen.getByRole("button", { name: "Add to list" }));
    expect(await screen.findByText("These are 3 characters.")).toBeVisible();
    expect(screen.getByLabelText("Last 8 characters")).toBeInvalid();
    expect(await violations()).toEqual([]);
    await user.clear(screen.getByLabelText("Last 8 characters"));
    await user.type(screen.getByLabelText("Last 8 characters"), "ab12cd34");
    await user.click(screen.getByRole("button", { name: "Add to list" }));
    expect(await findRow("Zapier")).toBeVisible();
    expect(screen.getByText("1 key in your own list")).toBeVisible();
  });

  it("shows a pasted table for review, keeps none of it in the page, and adds what is ticked", async () => {
    const { host, user } = renderApp(guided([]));
    host.script.read_table = () => ({
      kind: "read",
      notes: ["No headings say which date is which."],
      rows: [
        tableRow(1, noted("CI", "ab12cd34")),
        tableRow(2, noted("Zapier", "ffee0011")),
        { ...tableRow(3, null), problem: "A whole token does not belong here." },
      ],
    });
    host.script.note_keys = ({ account: of, keys }) => ({
      kind: "noted",
      list: {
        account: of,
        keys: keys.map(({ name, lastEight }) => keyRow({ id: `noted-${lastEight}`, name, lastEight })),
        fetchedAt: null,
        incomplete: null,
      },
    });
    await user.click(await screen.findByRole("button", { name: "Paste from the web screen…" }));
    const area = await screen.findByLabelText("The table");
    await user.click(area);
    await user.paste("CI\t…ab12cd34\nZapier\t…ffee0011\nLeak\tsecret");
    expect(await screen.findByText("No headings say which date is which.")).toBeVisible();
    expect(document.body).not.toHaveTextContent("secret");
    expect(screen.getByText(/A whole token does not belong here/)).toBeVisible();
    expect(screen.getByRole("checkbox", { name: "Line 3: not taken" })).toBeDisabled();
    await user.click(screen.getByRole("checkbox", { name: /Zapier/ }));
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Add 1 key" }));
    await findRow("CI");
    expect(host.sent("note_keys")[0]?.keys.map(({ name }) => name)).toEqual(["CI"]);
  });

  it("says in the menu what is done in the browser", async () => {
    const { user } = renderApp(guided([keyRow({ name: "CI" })]));
    await user.click(await screen.findByRole("button", { name: "Actions for CI" }));
    for (const name of [/^Rotate…?.*In the browser/, /^Delete….*In the browser/])
      expect(await screen.findByRole("menuitem", { name })).toBeVisible();
    expect(screen.getByRole("menuitem", { name: /^Copy/ })).not.toHaveTextContent("In the browser");
  });

  it("lets a key go only from the list, and says so in its menu", async () => {
    const { host, user } = renderApp(guided([keyRow({ name: "CI" })]));
    host.script.unlist_key = ({ account: of }) => ({
      kind: "noted",
      list: { account: of, keys: [], fetchedAt: null, incomplete: null },
    });
    await user.click(within(await findRow("CI")).getByRole("button"));
    await user.click(await screen.findByRole("menuitem", { name: /Remove from your list/ }));
    expect(await screen.findByText("No keys in your list yet")).toBeVisible();
  });

  it("has actions of its own, which are nowhere to be seen in other accounts", async () => {
    const titles = async (script: Script) => {
      const { user, unmount } = renderApp(script);
      await findRow("CI");
      await user.keyboard("{Control>}k{/Control}");
      await user.type(await screen.findByRole("combobox"), "list");
      const options = (await screen.findAllByRole("option")).map((option) => option.textContent);
      unmount();
      return options.join();
    };
    const rows = [keyRow({ name: "CI" })];
    expect(await titles(guided(rows))).toMatch(/Add key to your list/);
    expect(await titles(signedIn(rows))).not.toMatch(/your list/);
  });

  it("offers what is done in the browser like anything else", async () => {
    const { user } = renderApp(guided([keyRow({ name: "CI" })]));
    const row = await findRow("CI");
    await user.click(within(row).getByRole("button"));
    await screen.findByRole("menu");
    for (const name of [/Rotate/, /Duplicate/, /Delete/])
      expect(screen.getByRole("menuitem", { name })).not.toHaveAttribute("aria-disabled");
  });
});
