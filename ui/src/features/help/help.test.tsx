import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { actionIds, actionOf, actions } from "../../actions/table";
import type { Script } from "../../testing/fakeHost";
import { expectFocusOn, failing, findRow, renderApp, signedIn, violations } from "../../testing/render";
import { account, acme, appState, errors, labs, preferences } from "../../testing/samples";

async function open(script: Script = signedIn()) {
  const app = renderApp(script);
  const row = await findRow("Terraform");
  act(() => row.focus());
  await app.user.keyboard("?");
  const dialog = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
  return { ...app, row, dialog };
}

const rowOf = (id: string) => document.querySelector<HTMLElement>(`[data-action="${id}"]`);
const keysOf = (id: string) => JSON.parse(rowOf(id)?.dataset.keys ?? "null") as unknown;
const listed = () =>
  Array.from(document.querySelectorAll<HTMLElement>("[data-action]"), ({ dataset }) => dataset.action);

describe("the list of shortcuts", () => {
  it("has every action of the table with its keys, by group, and the fixed keys", async () => {
    const { dialog } = await open();
    const everywhere = actionIds.filter((id) => actionOf(id).isOptional !== true);
    expect(listed().toSorted()).toEqual(everywhere.toSorted());
    for (const id of everywhere) expect(keysOf(id)).toEqual(actions[id].keys);
    const key = within(dialog).getByRole("region", { name: "Key" });
    expect(within(key).getByText("Rotate…")).toBeVisible();
    expect(rowOf("key.rotate")).toHaveTextContent("Ctrl Shift R");
    expect(within(dialog).getByRole("region", { name: "In lists" })).toHaveTextContent(
      "Extend the selectionShift ↓Shift ↑",
    );
    expect(await violations()).toEqual([]);
  });

  it("shows the user's own keys, and which actions have none", async () => {
    const shortcuts = { "keys.create": ["mod+J"], "list.refresh": [] };
    await open(
      signedIn(undefined, { first_state: () => appState({ preferences: preferences({ shortcuts }) }) }),
    );
    expect(keysOf("keys.create")).toEqual(["mod+J"]);
    expect(rowOf("keys.create")).toHaveTextContent("Ctrl J");
    expect(keysOf("list.refresh")).toEqual([]);
    expect(rowOf("list.refresh")).toHaveTextContent("no key");
  });

  it("says why something can't be done now", async () => {
    await open();
    expect(rowOf("journal.csv")).toHaveTextContent("Open the Activity tab first.");
    expect(rowOf("journal.csv")).toHaveAttribute("data-obstructed");
    expect(rowOf("keys.create")).not.toHaveAttribute("data-obstructed");
  });

  it("is searched by words and keys", async () => {
    const { user } = await open();
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Search shortcuts" }));
    await user.keyboard("ctrl shift r");
    expect(listed()).toContain("key.rotate");
    expect(listed()).not.toContain("keys.create");
    await user.keyboard("{Escape}zzz");
    expect(screen.getByText("No shortcut for “zzz”.")).toBeVisible();
    expect(within(screen.getByRole("dialog")).getByRole("status")).toHaveTextContent("0 shortcuts");
    expect(await violations()).toEqual([]);
  });

  it("opens and closes by its keys; the focus goes back to the row", async () => {
    const { user, row } = await open();
    await user.keyboard("?");
    expect(screen.getByRole("textbox", { name: "Search shortcuts" })).toHaveValue("?");
    await user.keyboard("{Escape}");
    expect(screen.getByRole("dialog")).toBeVisible();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await expectFocusOn(() => row);
    await user.keyboard("{Control>}/{/Control}");
    await screen.findByRole("dialog");
    await user.keyboard("{Control>}/{/Control}");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("opens before anybody has signed in", async () => {
    const { user } = renderApp({ first_state: () => appState({ accounts: [] }) });
    await screen.findByRole("button", { name: /Connect/ });
    await user.keyboard("{Control>}/{/Control}");
    const dialog = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    expect(within(dialog).getByRole("button", { name: "Change in Preferences" })).toBeDisabled();
    expect(await violations()).toEqual([]);
  });
});

describe("the sidebar", () => {
  it("opens the dashboard as an action too, and tells a failure", async () => {
    const { user, host } = renderApp(signedIn(undefined, { open_dashboard: failing(errors.other) }));
    await findRow("Terraform");
    await user.keyboard("{Control>}k{/Control}");
    await screen.findByRole("combobox");
    await user.keyboard("pulseapi dash{Enter}");
    await waitFor(() => expect(host.sent("open_dashboard")).toHaveLength(1));
    expect(await screen.findByText(errors.other.message)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "PulseAPI dashboard" }));
    await waitFor(() => expect(host.sent("open_dashboard")).toHaveLength(2));
  });

  it("tells assistive technology the keys of tabs and of the row’s menu", async () => {
    const { user } = renderApp(signedIn());
    const row = await findRow("Terraform");
    expect(screen.getByRole("tab", { name: "Activity" })).toHaveAttribute("aria-keyshortcuts", "Control+2");
    act(() => row.focus());
    await user.keyboard("{Shift>}{F10}{/Shift}");
    expect(await screen.findByRole("menuitem", { name: /Delete/ })).toHaveAttribute(
      "aria-keyshortcuts",
      "Delete",
    );
  });

  it("opens the choice of team by its key", async () => {
    const { user } = renderApp(
      signedIn(undefined, {
        first_state: () => appState({ accounts: [account({ teams: [acme, labs] })] }),
      }),
    );
    const row = await findRow("Terraform");
    act(() => row.focus());
    expect(screen.getByRole("button", { name: /All teams/ })).toHaveAttribute(
      "aria-keyshortcuts",
      "Control+Shift+T",
    );
    await user.keyboard("{Control>}{Shift>}T{/Shift}{/Control}");
    expect(await screen.findByRole("option", { name: /Acme Labs/ })).toBeVisible();
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => expect(screen.queryByRole("option")).toBeNull());
  });

  it("says that one team is no choice", async () => {
    await open();
    expect(rowOf("team.switch")).toHaveTextContent("This account has one team.");
  });
});
