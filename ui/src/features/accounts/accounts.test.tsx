import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { expectFocusOn, failing, findRow, renderApp, signedIn, violations } from "../../testing/render";
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
  const app = renderApp(signedIn(undefined, { first_state: () => both, ...changes }));
  await findRow("CI/CD Pipeline");
  await app.user.keyboard("{Control>}3{/Control}");
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
      switch_account: () => onSandbox,
      refresh_keys: ({ account: id }, onProgress) => {
        const keys = [keyRow(id === sandbox.id ? { id: "s", name: "of the sandbox" } : {})];
        onProgress({ keys, loaded: 1, total: 1 });
        return {
          fetchedAt: new Date().toISOString(),
          total: 1,
          settled: false,
          incomplete: null,
          readTwice: false,
        };
      },
    });
    await user.click(within(list).getByRole("button", { name: "Use sandbox" }));
    expect(host.sent("switch_account")).toEqual([{ account: sandbox.id }]);
    await user.keyboard("{Control>}1{/Control}");
    await findRow("of the sandbox");
    expect(screen.queryByText("CI/CD Pipeline")).toBeNull();
  });

  it("signs out after the native question, and forgets that account’s list", async () => {
    const { client, host, user, list } = await openAccounts({
      sign_out: () => ({ kind: "cancelled" }),
    });
    const signOut = within(list).getByRole("button", { name: "Sign out of ops@acme.example…" });
    await user.click(signOut);
    expect(within(list).getAllByRole("listitem")).toHaveLength(2);
    host.script.sign_out = () => ({ kind: "signed_out", state: appState({ accounts: [sandbox] }) });
    await user.click(signOut);
    expect(await screen.findByText("Signed out of ops@acme.example.")).toBeVisible();
    await waitFor(() => expect(client.getQueryData(["keys", ops.id])).toBeUndefined());
  });

  it("goes to the first start with the last account", async () => {
    const { user, list } = await openAccounts({
      sign_out: () => ({ kind: "signed_out", state: appState({ accounts: [] }) }),
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
    const { user, list } = await openAccounts({ switch_account: failing(errors.keychain) });
    await user.click(within(list).getByRole("button", { name: "Use sandbox" }));
    expect(await screen.findByText(errors.keychain.message)).toBeVisible();
  });

  it("offers the other accounts in the menu at the foot, by Ctrl+Shift+A", async () => {
    const { host, user } = await openAccounts({ switch_account: () => onSandbox });
    await user.keyboard("{Control>}{Shift>}A{/Shift}{/Control}");
    const menu = await screen.findByRole("menu");
    expect(
      within(menu)
        .getAllByRole("menuitem")
        .map((item) => item.textContent),
    ).toEqual(["sandboxSandbox", "Accounts", "Sign out…"]);
    await user.click(within(menu).getByRole("menuitem", { name: /sandbox/ }));
    await waitFor(() => expect(host.sent("switch_account")).toEqual([{ account: sandbox.id }]));
  });

  it("opens PulseAPI’s dashboard for accounts there", async () => {
    const { host, user } = await openAccounts({ open_dashboard: () => null });
    await user.click(screen.getByRole("button", { name: "PulseAPI dashboard" }));
    await waitFor(() => expect(host.sent("open_dashboard")).toHaveLength(1));
  });
});

describe("renaming", () => {
  const renamed = appState({ accounts: [account({ label: "Operations" }), sandbox] });

  async function openRename(changes: Script = {}) {
    const app = await openAccounts({ rename_account: () => renamed, ...changes });
    await app.user.click(within(app.list).getByRole("button", { name: "Rename ops@acme.example" }));
    return { ...app, field: screen.getByRole("textbox", { name: "Name" }) };
  }

  it("saves by Enter what was typed, without the spaces around it", async () => {
    const { host, user, list, field } = await openRename();
    expect(field).toHaveFocus();
    expect(field).toHaveValue("ops@acme.example");
    expect(await violations()).toEqual([]);
    await user.clear(field);
    await user.keyboard("  Operations {Enter}");
    await expectFocusOn(() => within(list).getByRole("button", { name: "Rename Operations" }));
    expect(host.sent("rename_account")).toEqual([{ account: ops.id, label: "Operations" }]);
    expect(within(list).getAllByRole("listitem")[0]).toHaveTextContent("Operationsin use");
  });

  it("gives up by Esc and by Cancel, and asks nobody where nothing changed", async () => {
    const { host, user, list, field } = await openRename();
    await user.type(field, "x{Escape}");
    const button = () => within(list).getByRole("button", { name: "Rename ops@acme.example" });
    await expectFocusOn(button);
    await user.click(button());
    expect(screen.getByRole("textbox", { name: "Name" })).toHaveValue("ops@acme.example");
    await user.keyboard("{Enter}");
    await expectFocusOn(button);
    await user.click(button());
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await expectFocusOn(button);
    expect(host.sent("rename_account")).toEqual([]);
  });

  it.each([
    ["   ", "Type a name."],
    ["x".repeat(81), "The name has 81 characters. At most 80 are possible."],
  ])("says what is wrong with a name (%#)", async (typed, words) => {
    const { host, user, field } = await openRename();
    await user.clear(field);
    await user.type(field, `${typed}{Enter}`);
    expect(field).toHaveAccessibleDescription(words);
    expect(field).toHaveFocus();
    expect(host.sent("rename_account")).toEqual([]);
  });

  it("counts characters as people do not: an emoji of two units is one", async () => {
    const { host, user, field } = await openRename();
    await user.clear(field);
    await user.type(field, `${"🦀".repeat(80)}{Enter}`);
    await waitFor(() => expect(host.sent("rename_account")).toHaveLength(1));
  });

  it("keeps what was typed when it fails", async () => {
    const { user, field } = await openRename({ rename_account: failing(errors.other) });
    await user.type(field, "!{Enter}");
    await waitFor(() => expect(field).toHaveAccessibleDescription(/The server answered with an error/));
    expect(field).toHaveValue("ops@acme.example!");
    expect(field).toHaveFocus();
    expect(await violations()).toEqual([]);
  });
});

describe("replacing a credential", () => {
  async function openReplace(changes: Script = {}) {
    const app = await openAccounts({ replace_credential: () => both, ...changes });
    const button = within(app.list).getByRole("button", { name: "Replace credential of ops@acme.example…" });
    await app.user.click(button);
    return { ...app, button, field: screen.getByLabelText<HTMLInputElement>("New API key") };
  }

  it("takes the new one over, and wipes it from the page", async () => {
    const { host, client, user, button, field } = await openReplace();
    expect(field).toHaveFocus();
    expect(field).toHaveAttribute("type", "password");
    expect(field).toHaveAccessibleDescription(/A key of the same user \(ops@acme\.example\)/);
    expect(await violations()).toEqual([]);
    await user.paste("1042|abc");
    await user.keyboard("{Enter}");
    await expectFocusOn(() => button);
    expect(host.sent("replace_credential")).toEqual([{ account: ops.id, credential: "1042|abc" }]);
    expect(await screen.findByText("The credential of ops@acme.example was replaced.")).toBeVisible();
    expect(field.value).toBe("");
    expect(field).not.toBeInTheDocument();
    expect(client.getQueryState(["keys", ops.id])?.isInvalidated).toBe(true);
  });

  it("says at the field what is wrong with the key, and keeps it there", async () => {
    const { user, field } = await openReplace({ replace_credential: failing(errors.credential) });
    await user.paste("1042|abc");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(field).toHaveAccessibleDescription(/lacks the ability api-keys:manage/));
    expect(field).toHaveValue("1042|abc");
    expect(field).toHaveFocus();
    expect(await violations()).toEqual([]);
  });

  it("says everything else under it", async () => {
    const { user, field } = await openReplace({ replace_credential: failing(errors.offline) });
    await user.paste("1042|abc");
    await user.click(screen.getByRole("button", { name: "Replace credential" }));
    expect(await screen.findByText(new RegExp(errors.offline.message))).toBeVisible();
    expect(field).not.toHaveAccessibleDescription(new RegExp(errors.offline.message));
    expect(field).toHaveValue("1042|abc");
  });

  it("asks for a key first; Esc puts the form away and the key with it", async () => {
    const { host, user, button, field } = await openReplace();
    await user.keyboard("{Enter}");
    expect(field).toHaveAccessibleDescription(/Paste an API key first\./);
    await user.paste("1042|abc");
    await user.keyboard("{Escape}");
    expect(field).not.toBeInTheDocument();
    expect(field.value).toBe("");
    await expectFocusOn(() => button);
    expect(host.sent("replace_credential")).toEqual([]);
  });

  it("is one form at a time", async () => {
    const { user, list } = await openReplace();
    await user.click(within(list).getByRole("button", { name: "Rename sandbox" }));
    expect(screen.queryByLabelText("New API key")).toBeNull();
    expect(screen.getByRole("textbox", { name: "Name" })).toHaveValue("sandbox");
    await user.click(screen.getByRole("button", { name: "Add account" }));
    expect(screen.queryByRole("textbox", { name: "Name" })).toBeNull();
    expect(screen.getByRole("heading", { name: "Add account" })).toBeVisible();
  });
});

const report = {
  isWell: false,
  summary: "The server answers, and does not accept the token.",
  text: "Pulse Keys: connection report\n\nUnder /v1\n  GET /user  401  12 ms  the token is not accepted\n",
};

describe("the connection report", () => {
  it("opens from the account, is copied and saved by the app, and is asked for again", async () => {
    const saved = { kind: "saved", path: "/home/ada/report.txt" } as const;
    const { host, user, list } = await openAccounts({
      check_connection: () => report,
      copy_connection_report: () => null,
      save_connection_report: () => saved,
    });
    const button = within(list).getByRole("button", { name: "Check the connection of ops@acme.example…" });
    await user.click(button);
    const dialog = await screen.findByRole("dialog", { name: "Connection of ops@acme.example" });
    expect(await within(dialog).findByText(report.summary)).toBeVisible();
    expect(within(dialog).getByRole("region", { name: "Report" })).toHaveTextContent("GET /user 401 12 ms");
    expect(await violations()).toEqual([]);

    await user.click(within(dialog).getByRole("button", { name: "Copy report" }));
    expect(await screen.findByText("Report copied.")).toBeVisible();
    await user.click(within(dialog).getByRole("button", { name: "Save report…" }));
    expect(await screen.findByText("/home/ada/report.txt")).toBeVisible();

    host.script.check_connection = () => ({ ...report, isWell: true, summary: "All is well." });
    await user.click(within(dialog).getByRole("button", { name: "Check again" }));
    expect(await within(dialog).findByText("All is well.")).toBeVisible();
    expect(host.sent("check_connection")).toEqual([
      { kind: "account", account: ops.id },
      { kind: "account", account: ops.id },
    ]);
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await expectFocusOn(() => button);
  });

  it("opens by its shortcut from anywhere, for the account in use", async () => {
    const { host, user } = renderApp(
      signedIn(undefined, { first_state: () => both, check_connection: () => report }),
    );
    await findRow("CI/CD Pipeline");
    await user.keyboard("{Control>}{Shift>}k{/Shift}{/Control}");
    expect(await screen.findByRole("dialog", { name: "Connection of ops@acme.example" })).toBeVisible();
    expect(host.sent("check_connection")).toEqual([{ kind: "account", account: ops.id }]);
  });

  it("says why there is none, and offers nothing to copy", async () => {
    const { user, list } = await openAccounts({ check_connection: failing(errors.keychain) });
    await user.click(within(list).getByRole("button", { name: "Check the connection of ops@acme.example…" }));
    expect(await screen.findByText(errors.keychain.message)).toBeVisible();
    expect(screen.getByRole("button", { name: "Copy report" })).toBeDisabled();
    expect(screen.getByRole("button", { name: "Check again" })).toBeEnabled();
  });

  it("is offered where signing in has failed, with what is typed then", async () => {
    const { host, user } = renderApp({
      first_state: () => appState({ accounts: [] }),
      state: () => appState({ accounts: [] }),
      reconcile: () => [],
      custody: () => ({ tokens: [], notice: null }),
      connect: failing(errors.offline),
      check_connection: () => report,
    });
    await screen.findByRole("heading", { name: "Connect to PulseAPI" });
    expect(screen.queryByRole("button", { name: "Check the connection…" })).toBeNull();
    await user.type(screen.getByLabelText("API key"), "7|abc");
    await user.click(screen.getByRole("button", { name: "Connect" }));
    await user.click(await screen.findByRole("button", { name: "Check the connection…" }));
    expect(await screen.findByText(report.summary)).toBeVisible();
    expect(host.sent("check_connection")).toEqual([
      { kind: "typed", baseUrl: "https://api.pulseapi.io/v1", credential: "7|abc" },
    ]);
    expect(await violations()).toEqual([]);
  });
});
