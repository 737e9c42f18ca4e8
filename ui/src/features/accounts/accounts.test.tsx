import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { failing, findRow, renderApp, signedIn, violations } from "../../testing/render";
import type { Script } from "../../testing/fakeHost";
import { account, appState, errors, keyRow } from "../../testing/samples";

const ops = account();
const sandbox = account({
  id: "2",
  kind: "sandbox",
  label: "sandbox",
  sessionOnly: true,
  baseUrl: "http://127.0.0.1:4010/v1",
});
const both = appState({ accounts: [ops, sandbox] });
const onSandbox = { ...both, active: sandbox.id };

async function openAccounts(changes: Script = {}) {
  const app = renderApp(signedIn(undefined, { app_state: () => both, ...changes }));
  await findRow("CI/CD Pipeline");
  await app.user.keyboard("{Control>}2{/Control}");
  return { ...app, list: await screen.findByRole("list", { name: "Accounts" }) };
}

describe("accounts", () => {
  it("lists them with address, plan and what sets them apart", async () => {
    const { list } = await openAccounts();
    const [first, second] = within(list).getAllByRole("listitem");
    expect(first).toHaveTextContent("ops@acme.examplein use");
    expect(first).toHaveTextContent("PulseAPI · Professional plan · https://api.pulseapi.io/v1");
    expect(second).toHaveTextContent("this session only");
    expect(await violations()).toEqual([]);
  });

  it("switches, and shows the other account’s own keys", async () => {
    const { host, user, list } = await openAccounts({
      account_switch: () => onSandbox,
      keys_refresh: ({ account: id }, onProgress) => {
        const keys = [keyRow(id === sandbox.id ? { id: "s", name: "of the sandbox" } : {})];
        onProgress({ keys, loaded: 1, total: 1 });
        return { fetchedAt: new Date().toISOString(), total: 1 };
      },
    });
    await user.click(within(list).getByRole("button", { name: "Use sandbox" }));
    expect(host.sent("account_switch")).toEqual([{ account: sandbox.id }]);
    await user.keyboard("{Control>}1{/Control}");
    await findRow("of the sandbox");
    expect(screen.queryByText("CI/CD Pipeline")).toBeNull();
  });

  it("signs out after the native question, and forgets that account’s list", async () => {
    const { client, host, user, list } = await openAccounts({
      account_sign_out: () => ({ kind: "cancelled" }),
    });
    const signOut = within(list).getByRole("button", { name: "Sign out of ops@acme.example…" });
    await user.click(signOut);
    expect(within(list).getAllByRole("listitem")).toHaveLength(2);
    host.script.account_sign_out = () => ({ kind: "signed_out", state: appState({ accounts: [sandbox] }) });
    await user.click(signOut);
    expect(await screen.findByText("Signed out of ops@acme.example.")).toBeVisible();
    await waitFor(() => expect(client.getQueryData(["keys", ops.id])).toBeUndefined());
  });

  it("goes to the first start with the last account", async () => {
    const { user, list } = await openAccounts({
      account_sign_out: () => ({ kind: "signed_out", state: appState({ accounts: [] }) }),
    });
    await user.click(within(list).getByRole("button", { name: "Sign out of ops@acme.example…" }));
    expect(await screen.findByRole("heading", { name: "Connect to PulseAPI" })).toBeVisible();
  });

  it("adds one through the same form; Esc puts it away", async () => {
    const { user } = await openAccounts();
    await user.click(screen.getByRole("button", { name: "Add account" }));
    expect(screen.getByRole("heading", { name: "Add account" })).toHaveFocus();
    expect(await violations()).toEqual([]);
    await user.keyboard("{Escape}");
    expect(screen.queryByLabelText("Address")).toBeNull();
  });

  it("says when a command fails", async () => {
    const { user, list } = await openAccounts({ account_switch: failing(errors.keychain) });
    await user.click(within(list).getByRole("button", { name: "Use sandbox" }));
    expect(await screen.findByText(errors.keychain.message)).toBeVisible();
  });

  it("offers the other accounts in the menu at the foot, by Ctrl+Shift+A", async () => {
    const { host, user } = await openAccounts({ account_switch: () => onSandbox });
    await user.keyboard("{Control>}{Shift>}A{/Shift}{/Control}");
    const menu = await screen.findByRole("menu");
    expect(
      within(menu)
        .getAllByRole("menuitem")
        .map((item) => item.textContent),
    ).toEqual(["sandboxSandbox", "Accounts", "Sign out…"]);
    await user.click(within(menu).getByRole("menuitem", { name: /sandbox/ }));
    await waitFor(() => expect(host.sent("account_switch")).toEqual([{ account: sandbox.id }]));
  });

  it("opens PulseAPI’s dashboard for accounts there", async () => {
    const { host, user } = await openAccounts({ dashboard_open: () => null });
    await user.click(screen.getByRole("button", { name: "PulseAPI dashboard" }));
    await waitFor(() => expect(host.sent("dashboard_open")).toHaveLength(1));
  });
});

describe("notices", () => {
  it("shows what was found out, the urgent first, until put away; asked once", async () => {
    const { host, user } = renderApp(
      signedIn(undefined, {
        outcomes_reconcile: () => [
          { id: "1", needsAttention: false, message: "“old” was deleted." },
          { id: "2", needsAttention: true, message: "“CI” was not deleted." },
        ],
      }),
    );
    const region = await screen.findByRole("region", { name: "Notices" });
    expect(region).toHaveTextContent(/“CI” was not deleted\..*“old” was deleted\./);
    expect(within(region).getByRole("alert")).toHaveTextContent("“CI” was not deleted.");
    expect(await violations()).toEqual([]);
    await user.click(within(region).getAllByRole("button", { name: "Dismiss" })[0] ?? region);
    await user.click(within(region).getByRole("button", { name: "Dismiss" }));
    expect(screen.queryByRole("region", { name: "Notices" })).toBeNull();
    expect(host.sent("outcomes_reconcile")).toHaveLength(1);
  });
});
