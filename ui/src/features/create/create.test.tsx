import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { CreateForm, CreateOutcome, KeyRow } from "../../bindings";
import { deferred, type Script } from "../../testing/fakeHost";
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
import { account, acme, appState, daysAgo, errors, keyRow, labs } from "../../testing/samples";
import { createForm, deleteCard, token } from "../../testing/sheetSamples";

const ci = keyRow({ id: "2", lastUsedAt: daysAgo(3) });
const other = keyRow({ id: "3", name: "other", lastEight: "33333333", lastUsedAt: daysAgo(4) });
const fresh = keyRow({ id: "9", name: "Deploy bot", lastEight: "ab12cd34", lastUsedAt: null });

const created: CreateOutcome = { kind: "created", token: token({ key: "9", name: "Deploy bot" }) };
const lost: CreateOutcome = {
  kind: "token_lost",
  message: "The service created the key, but its token never arrived.",
  next: { kind: "delete_key", account: account().id, key: "3" },
};

function listing(rows: readonly KeyRow[]): Script["refresh_keys"] {
  return (_, onProgress) => {
    onProgress({ keys: [...rows], loaded: rows.length, total: rows.length });
    return {
      fetchedAt: new Date().toISOString(),
      total: rows.length,
      settled: false,
      incomplete: null,
      readTwice: false,
    };
  };
}

async function openForm(changes: Script = {}) {
  const app = renderApp(
    signedIn([ci, other], {
      create_form: () => createForm(),
      create_key: () => created,
      token_stored: () => ({ tokens: [] }),
      ...changes,
    }),
  );
  await findRow("CI/CD Pipeline");
  await app.user.click(screen.getByRole("button", { name: "Create API key" }));
  await screen.findByRole("dialog", { name: "Create API key" });
  return app;
}

/** The form with a name and two abilities. */
async function fillForm(changes: Script = {}) {
  const app = await openForm(changes);
  await app.user.type(nameField(), "Deploy bot");
  await app.user.click(await box("monitors:read"));
  await app.user.click(await box("checks:run"));
  return app;
}

const nameField = () => screen.getByLabelText("Name");
const box = (name: string) => screen.findByRole("checkbox", { name });

async function expectFilled() {
  expect(nameField()).toHaveValue("Deploy bot");
  expect(await box("monitors:read")).toBeChecked();
  expect(await box("checks:run")).toBeChecked();
  expect(await box("monitors:write")).not.toBeChecked();
}

describe("the form", () => {
  it("offers abilities by resource with their meanings, presets, and says what can’t be undone", async () => {
    const { host } = await openForm();
    const group = await screen.findByRole("group", { name: "Monitors" });
    expect(
      within(group)
        .getAllByRole("checkbox")
        .map((each) => each.getAttribute("aria-describedby"))
        .map((id) => document.getElementById(id ?? "")?.textContent),
    ).toEqual(["See monitors and their check history", "Create, change and delete monitors"]);
    expect(screen.getByText(/To change them later, create a new key and delete this one\./)).toBeVisible();
    expect(nameField()).toHaveFocus();
    expect(host.sent("create_form")).toEqual([{ account: account().id }]);
    expect(await violations()).toEqual([]);
  });

  it("opens by Ctrl+N, from any tab, and shows the list below", async () => {
    const { user } = renderApp(signedIn([ci], { create_form: () => createForm() }));
    await findRow("CI/CD Pipeline");
    await user.keyboard("{Control>}3{/Control}");
    expect(screen.queryByRole("grid")).toBeNull();
    await user.keyboard("{Control>}n{/Control}");
    expect(await screen.findByRole("dialog", { name: "Create API key" })).toBeVisible();
    await user.keyboard("{Escape}");
    expect(await findRow("CI/CD Pipeline")).toBeVisible();
  });

  it("opens from the empty list", async () => {
    const { user } = renderApp(signedIn([], { create_form: () => createForm() }));
    await screen.findByRole("heading", { name: "No API keys" });
    await user.click(getButton("Create API key"));
    expect(await screen.findByRole("dialog", { name: "Create API key" })).toBeVisible();
  });

  it("sends what was chosen, in the service’s order, for the credential’s team", async () => {
    const { host, user } = await openForm();
    await user.type(nameField(), "  Deploy bot ");
    await user.click(await box("checks:run"));
    await user.click(await box("monitors:read"));
    expect(screen.getByText("2 of 9 chosen")).toBeVisible();
    expect(screen.getByText(/^2 abilities/)).toHaveTextContent("2 abilities in Acme Ops");
    await user.click(getButton("Create key"));
    expect(host.sent("create_key")).toEqual([
      { account: account().id, name: "Deploy bot", abilities: ["monitors:read", "checks:run"], team: null },
    ]);
  });

  it("makes it for the team that is shown", async () => {
    const state = appState({ accounts: [account({ teams: [acme, labs] })] });
    const { host, user } = renderApp(
      signedIn([ci, { ...other, team: labs }], {
        first_state: () => state,
        create_form: () => createForm(),
        create_key: () => created,
      }),
    );
    await findRow("CI/CD Pipeline");
    await user.click(screen.getByRole("button", { name: /Team/, expanded: false }));
    await user.click(await screen.findByRole("option", { name: /Acme Labs/ }));
    await user.click(getButton("Create API key"));
    expect(await screen.findByRole("region", { name: "Team" })).toHaveTextContent("Team Acme Labs");
    await user.type(nameField(), "x{Enter}");
    await user.click(await box("checks:run"));
    await user.click(getButton("Create key"));
    expect(host.sent("create_key")).toMatchObject([{ team: labs.id }]);
  });

  it("tells what is missing, where it is missing, without asking the service", async () => {
    const { host, user } = await openForm();
    await box("checks:run");
    await user.type(nameField(), "   {Enter}");
    expect(nameField()).toHaveAccessibleDescription(/Give the key a name/);
    expect(nameField()).toHaveFocus();
    expect(screen.getByRole("group", { name: "Abilities" })).toHaveAccessibleDescription(
      /Choose at least one ability/,
    );
    await user.type(nameField(), "a");
    expect(nameField()).toBeValid();
    await user.click(getButton("Create key"));
    expect(screen.getByRole("textbox", { name: "Search abilities" })).toHaveFocus();
    expect(host.sent("create_key")).toEqual([]);
    expect(await violations()).toEqual([]);
  });

  it("counts only near the limit, and not beyond it", async () => {
    const { host, user } = await openForm({ create_form: () => createForm({ longestName: 30 }) });
    await box("checks:run");
    await user.type(nameField(), "123456789");
    expect(screen.queryByText(/characters? left/)).toBeNull();
    await user.type(nameField(), "0");
    expect(screen.getByText("20 characters left.")).toBeVisible();
    await user.clear(nameField());
    await user.type(nameField(), "x".repeat(31));
    expect(screen.getByText("1 character too many.")).toBeVisible();
    await user.click(getButton("Create key"));
    expect(nameField()).toHaveAccessibleDescription(/at most 30 characters/);
    expect(host.sent("create_key")).toEqual([]);
  });

  it("says that a name is taken, and takes it", async () => {
    const { host, user } = await openForm();
    await user.type(nameField(), "ci/cd pipeline");
    expect(screen.getByText(/There is a key of this name already/)).toBeVisible();
    await user.click(await box("checks:run"));
    await user.click(getButton("Create key"));
    expect(host.sent("create_key")).toHaveLength(1);
  });

  it("finds abilities, and keeps those that the search hides", async () => {
    const { host, user } = await fillForm();
    const search = screen.getByRole("textbox", { name: "Search abilities" });
    await user.type(search, "alert");
    expect(screen.getAllByRole("checkbox")).toHaveLength(2);
    await user.click(await box("alerts:read"));
    await user.clear(search);
    await user.type(search, "zzz");
    expect(screen.getByText(/No ability matches/)).toHaveTextContent("“zzz”");
    // The first Esc clears the search; the form stays.
    await user.keyboard("{Escape}");
    expect(search).toHaveValue("");
    expect(screen.queryByText("Discard this key?")).toBeNull();
    expect(screen.getByText("3 of 9 chosen")).toBeVisible();
    await user.click(getButton("Create key"));
    expect(host.sent("create_key")).toMatchObject([
      { abilities: ["monitors:read", "checks:run", "alerts:read"] },
    ]);
  });

  it("chooses by presets, warns, and gives back what was chosen by hand", async () => {
    const { host, user } = await fillForm();
    await user.click(await box("team:read"));
    const full = getButton("Full access");
    await user.click(full);
    expect(full).toHaveAttribute("aria-pressed", "true");
    expect(screen.getByText(/Whoever has this token can do everything/)).toBeVisible();
    for (const each of screen.getAllByRole("checkbox")) {
      expect(each).toBeChecked();
      expect(each).toBeDisabled();
    }
    expect(await violations()).toEqual([]);
    await user.click(full);
    expect(screen.getByText("3 of 9 chosen")).toBeVisible();
    expect(screen.queryByText(/Whoever has this token/)).toBeNull();
    await user.click(await box("team:read"));
    expect(getButton("CI")).toHaveAttribute("aria-pressed", "true");
    await user.click(full);
    await user.click(getButton("Create key"));
    expect(host.sent("create_key")).toMatchObject([{ abilities: ["*"] }]);
  });

  it("can’t be sent before the service has said what there is", async () => {
    const answer = deferred<CreateForm>();
    const { user } = await openForm({ create_form: () => answer.promise });
    await user.type(nameField(), "Deploy bot");
    expect(getButton("Create key")).toBeDisabled();
    answer.resolve(createForm());
    await box("checks:run");
    expect(nameField()).toHaveValue("Deploy bot");
    expect(getButton("Create key")).toBeEnabled();
  });

  it("asks again for the abilities when they didn’t come, with everything typed", async () => {
    const { host, user } = await openForm({ create_form: failing(errors.offline) });
    await user.type(nameField(), "Deploy bot");
    expect(await screen.findByText(new RegExp(errors.offline.message))).toBeVisible();
    expect(await violations()).toEqual([]);
    host.script.create_form = () => createForm();
    await user.click(getButton("Retry"));
    await box("checks:run");
    expect(nameField()).toHaveValue("Deploy bot");
  });
});

describe("a duplicate", () => {
  async function duplicate(row: KeyRow, state = appState()) {
    const app = renderApp(
      signedIn([row, other], { first_state: () => state, create_form: () => createForm() }),
    );
    await app.user.click(
      within(await findRow(row.name)).getByRole("button", { name: `Actions for ${row.name}` }),
    );
    await app.user.click(await screen.findByRole("menuitem", { name: /Duplicate…/ }));
    await box("checks:run");
    return app;
  }

  it("comes with another name and the abilities that there still are", async () => {
    await duplicate({ ...ci, abilities: ["checks:run", "gone:forever"] });
    expect(nameField()).toHaveValue("CI/CD Pipeline copy");
    expect(await box("checks:run")).toBeChecked();
    expect(screen.getByText(/No longer offered, and unticked/)).toHaveTextContent("gone:forever");
  });

  it("keeps its team", async () => {
    const { host, user } = await duplicate(
      { ...ci, team: labs },
      appState({ accounts: [account({ teams: [acme, labs] })] }),
    );
    host.script.create_key = () => created;
    expect(screen.getByRole("region", { name: "Team" })).toHaveTextContent("Acme Labs");
    await user.click(getButton("Create key"));
    expect(host.sent("create_key")).toMatchObject([{ team: labs.id }]);
  });

  it("closes without a question while untouched, back to its row", async () => {
    const { user } = await duplicate(ci);
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await expectFocusOn(() => getRow("CI/CD Pipeline"));
  });
});

describe("leaving the form", () => {
  it.each(["{Escape}", "Cancel", "Close", "outside"])("an untouched one closes by %s", async (how) => {
    const { user } = await openForm();
    await leaveBy(user, how);
    expect(screen.queryByRole("dialog")).toBeNull();
    await expectFocusOn(() => getButton("Create API key"));
  });

  it.each(["{Escape}", "Cancel", "Close", "outside"])("a touched one asks on %s", async (how) => {
    const { user } = await fillForm();
    await leaveBy(user, how);
    const question = screen.getByRole("group", { name: "Discard this key?" });
    expect(within(question).getByRole("button", { name: "Keep editing" })).toHaveFocus();
    expect(await violations()).toEqual([]);
    await user.keyboard("{Escape}");
    expect(screen.queryByText("Discard this key?")).toBeNull();
    await expectFilled();
    await user.keyboard("{Escape}");
    await user.click(getButton("Discard"));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  async function leaveBy(user: Awaited<ReturnType<typeof openForm>>["user"], how: string) {
    const overlay = document.querySelector("[data-modal]");
    if (how === "{Escape}") await user.keyboard(how);
    else if (how === "outside" && overlay !== null) await user.click(overlay);
    else await user.click(getButton(how));
  }
});

describe("outcomes", () => {
  it("can’t be left or sent twice while it is being made", async () => {
    const answer = deferred<CreateOutcome>();
    const { host, user } = await fillForm({ create_key: () => answer.promise });
    await user.click(getButton("Create key"));
    expect(screen.getByText("Creating the key…")).toBeVisible();
    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("button", { name: /Create key/ }));
    expect(screen.queryByText("Discard this key?")).toBeNull();
    expect(getButton("Cancel")).toBeDisabled();
    expect(getButton("Close")).toBeDisabled();
    expect(host.sent("create_key")).toHaveLength(1);
    answer.resolve({ kind: "unknown", error: errors.offline });
    await waitFor(() => expect(getButton("Cancel")).toBeEnabled());
  });

  it("created: shows its token, and afterwards the new row", async () => {
    const { host, user } = await fillForm();
    host.script.refresh_keys = listing([ci, other, fresh]);
    await user.click(getButton("Create key"));
    expect(await screen.findByRole("dialog", { name: "New token of “Deploy bot”" })).toBeVisible();
    expect(screen.getAllByRole("dialog")).toHaveLength(1);
    // Nothing moves below it: not even a new row comes.
    expect(host.sent("refresh_keys")).toHaveLength(1);
    await user.click(getButton("I have stored it"));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(await findRow("Deploy bot")).toBeVisible();
    expect(host.sent("refresh_keys")).toHaveLength(2);
    await expectFocusOn(() => getRow("Deploy bot"));
  });

  it("not created: each error is where it belongs, the form as it was", async () => {
    const { host, user } = await fillForm({
      create_key: () => ({
        kind: "not_created",
        errors: [errors.abilities, errors.team, errors.name, errors.rateLimited],
      }),
    });
    await user.click(getButton("Create key"));
    await waitFor(() => expect(nameField()).toHaveAccessibleDescription(/takes no slashes/));
    expect(nameField()).toHaveFocus();
    expect(screen.getByRole("group", { name: "Abilities" })).toHaveAccessibleDescription(/Choose again/);
    expect(screen.getByRole("region", { name: "Team" })).toHaveTextContent(errors.team.message);
    expect(screen.getByText(errors.rateLimited.message)).toBeVisible();
    await waitFor(() => expect(host.sent("create_form")).toHaveLength(2));
    await expectFilled();
    expect(await violations()).toEqual([]);
  });

  it("an ability that is gone is unticked, and named", async () => {
    const { host, user } = await fillForm({
      create_key: () => ({ kind: "not_created", errors: [errors.abilities] }),
    });
    const form = createForm();
    host.script.create_form = () => ({
      ...form,
      groups: form.groups.filter(({ title }) => title !== "Checks"),
    });
    await user.click(getButton("Create key"));
    expect(await screen.findByText(/No longer offered, and unticked/)).toHaveTextContent("checks:run");
    expect(screen.queryByRole("checkbox", { name: "checks:run" })).toBeNull();
    expect(await box("monitors:read")).toBeChecked();
    expect(nameField()).toHaveValue("Deploy bot");
  });

  it.each([errors.offline, errors.other, errors.rateLimited])(
    "a call that failed leaves the form as it was ($code)",
    async (error) => {
      const { host, user } = await fillForm({ create_key: failing(error) });
      await user.click(getButton("Create key"));
      expect(await screen.findByText(error.message)).toBeVisible();
      await expectFilled();
      host.script.create_key = () => created;
      await user.click(getButton("Create key"));
      expect(await screen.findByRole("dialog", { name: /New token/ })).toBeVisible();
    },
  );

  it("unknown: says so, sends nothing by itself, and asks for the list afterwards", async () => {
    const { host, user } = await fillForm({
      create_key: () => ({ kind: "unknown", error: errors.offline }),
    });
    await user.click(getButton("Create key"));
    expect(await screen.findByText(errors.offline.message)).toBeVisible();
    await expectFilled();
    expect(host.sent("create_key")).toHaveLength(1);
    await user.click(getButton("Cancel"));
    await user.click(getButton("Discard"));
    await waitFor(() => expect(host.sent("refresh_keys")).toHaveLength(2));
  });

  it("token lost: leads to deleting the orphan, and back to the form", async () => {
    const { user } = await fillForm({
      create_key: () => lost,
      delete_card: () => deleteCard({ key: other, friction: "dialog", phrase: null }),
      delete_key: () => ({ kind: "gone_already", message: "other was gone.", signedOut: null }),
    });
    await user.click(getButton("Create key"));
    expect(await screen.findByText(/its token never arrived/)).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(getButton("Delete the key…"));
    expect(await screen.findByRole("dialog", { name: "Delete “other”?" })).toBeVisible();
    // Not deleted after all: what is wrong is still said.
    await user.keyboard("{Escape}");
    expect(screen.getByRole("dialog", { name: "Create API key" })).toBeVisible();
    expect(screen.getByText(/its token never arrived/)).toBeVisible();
    await expectFilled();
    await user.click(getButton("Delete the key…"));
    await waitFor(() => expect(getButton("Delete key…")).toBeEnabled());
    await user.click(getButton("Delete key…"));
    await waitFor(() => expect(screen.queryByRole("dialog", { name: "Delete “other”?" })).toBeNull());
    expect(screen.queryByText(/its token never arrived/)).toBeNull();
    await expectFilled();
    await user.click(getButton("Cancel"));
    await user.click(getButton("Discard"));
    expect(shownNames()).not.toContain("other");
  });

  it("signing in again: what was typed is there again afterwards", async () => {
    const { user } = await fillForm({
      create_key: () => ({ kind: "not_created", errors: [errors.unauthorized] }),
    });
    await user.click(getButton("Create key"));
    await user.click(await screen.findByRole("button", { name: "Sign in again…" }));
    expect(await screen.findByRole("heading", { name: /Sign in again to/ })).toBeVisible();
    await user.keyboard("{Control>}1{/Control}");
    await user.click(getButton("Create API key"));
    await expectFilled();
    await user.keyboard("{Escape}");
    expect(screen.getByText("Discard this key?")).toBeVisible();
  });
});
