import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { KeyNote, KeyRow, NotesRow, Preferences } from "../../bindings";
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
import { journalPage } from "../../testing/journalSamples";
import { account, appState, errors, keyRow, preferences } from "../../testing/samples";
import { createForm, deleteCard, rotateCard } from "../../testing/sheetSamples";

const ci = keyRow({ id: "1", name: "CI/CD Pipeline" });
const zapier = keyRow({ id: "2", name: "Zapier", lastEight: "77e0b1aa", lastUsedAt: null });
const plain = keyRow({ id: "3", name: "Plain", lastEight: "04d5e6f7" });
const of = account().id;

function note(changes: Partial<KeyNote> = {}): KeyNote {
  return {
    key: ci.id,
    purpose: "Deploys the shop",
    owner: "Ada",
    storedIn: "1Password",
    reviewOn: "2020-03-01",
    writtenAt: "2026-11-01T10:00:00Z",
    ...changes,
  };
}

const both = [note(), note({ key: zapier.id, purpose: "", owner: "Bob", reviewOn: null })];

function app(changes: Script = {}, chosen: Partial<Preferences> = {}) {
  return renderApp(
    signedIn([ci, zapier, plain], {
      first_state: () => appState({ preferences: preferences(chosen) }),
      key_notes: () => ({ account: of, notes: both }),
      delete_card: () => deleteCard({ key: ci }),
      rotate_card: () => rotateCard({ key: ci }),
      create_form: () => createForm(),
      journal_page: (request) => journalPage([], request),
      ...changes,
    }),
  );
}

async function onRow(row: KeyRow, keys: string, opened = app()) {
  const found = await findRow(row.name);
  act(() => found.focus());
  await opened.user.keyboard(keys);
  return { ...opened, dialog: await screen.findByRole("dialog") };
}

describe("a note", () => {
  it("is written in a sheet of its own, and back on the row", async () => {
    const { host, user, dialog } = await onRow(
      plain,
      "{Control>}e{/Control}",
      app({
        edit_note: ({ account: whose, key, purpose }) => ({
          kind: "written",
          notes: { account: whose, notes: [...both, note({ key, purpose })] },
        }),
      }),
    );
    expect(dialog).toHaveAccessibleName("Your note about “Plain”");
    expect(await violations()).toEqual([]);
    await expectFocusOn(() => within(dialog).getByLabelText("What it is for"));
    await user.keyboard("Reads invoices");
    await user.type(within(dialog).getByLabelText("Review on"), "in 3 months");
    await user.click(getButton("Save note"));
    expect(await screen.findByText("Note saved.")).toBeVisible();
    expect(host.sent("edit_note")).toEqual([
      {
        account: of,
        key: plain.id,
        purpose: "Reads invoices",
        owner: "",
        storedIn: "",
        reviewOn: "in 3 months",
      },
    ]);
    await expectFocusOn(() => getRow("Plain"));
    await user.type(screen.getByLabelText("Search keys"), "invoices");
    await waitFor(() => expect(shownNames()).toEqual(["Plain"]));
  });

  it("shows what is there, and lets go of a whole token at its field", async () => {
    const { user, dialog } = await onRow(
      ci,
      "{Control>}e{/Control}",
      app({
        edit_note: () => ({
          kind: "refused",
          problems: [
            { field: "stored_in", message: "A whole token does not belong here.", holdsToken: true },
            { field: "review_on", message: "Write a date.", holdsToken: false },
          ],
        }),
      }),
    );
    const sheet = within(dialog);
    expect(sheet.getByLabelText("What it is for")).toHaveValue("Deploys the shop");
    expect(sheet.getByText(/Empty all fields to remove it/)).toBeVisible();
    await user.clear(sheet.getByLabelText("Review on"));
    await user.type(sheet.getByLabelText("Review on"), "soon");
    await user.click(getButton("Save note"));
    expect(await sheet.findByText(/whole token does not belong/)).toBeVisible();
    expect(sheet.getByLabelText("Where its token is kept")).toHaveValue("");
    expect(sheet.getByLabelText("Where its token is kept")).toHaveFocus();
    expect(sheet.getByLabelText("Review on")).toHaveValue("soon");
    expect(sheet.getByLabelText("Owner")).toHaveValue("Ada");
  });

  it("is said to be removed where nothing is left of it, and a failure stays in the sheet", async () => {
    let isBroken = true;
    const { user, dialog } = await onRow(
      ci,
      "{Control>}e{/Control}",
      app({
        edit_note: async () => {
          if (isBroken) await failing(errors.offline)();
          return { kind: "written", notes: { account: of, notes: [] } };
        },
      }),
    );
    for (const field of within(dialog).getAllByRole("textbox")) await user.clear(field);
    await user.click(getButton("Save note"));
    expect(await within(dialog).findByText(new RegExp(errors.offline.message))).toBeVisible();
    isBroken = false;
    await user.click(getButton("Save note"));
    expect(await screen.findByText("Note removed.")).toBeVisible();
  });

  it("stands in the details and in the cards before a deletion and a rotation", async () => {
    const opened = app();
    for (const keys of ["{Enter}", "{Delete}", "{Control>}{Shift>}r{/Shift}{/Control}"]) {
      const { dialog, user } = await onRow(ci, keys, opened);
      const sheet = within(dialog);
      expect(await sheet.findByText("Your note")).toBeVisible();
      expect(sheet.getByText("Deploys the shop")).toBeVisible();
      expect(sheet.getByText("Ada")).toBeVisible();
      expect(sheet.getByText("1Password")).toBeVisible();
      expect(sheet.getByText(/1 Mar 2020/)).toHaveTextContent("1 Mar 2020 · due");
      await user.keyboard("{Escape}");
      await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    }
  });

  it("is added from the details, and shows there once it is written", async () => {
    const { user, dialog } = await onRow(
      plain,
      "{Enter}",
      app({
        edit_note: ({ key }) => ({ kind: "written", notes: { account: of, notes: [note({ key })] } }),
      }),
    );
    await user.click(within(dialog).getByRole("button", { name: "Add a note…" }));
    await user.type(await screen.findByLabelText("What it is for"), "x");
    await user.click(getButton("Save note"));
    expect(await within(dialog).findByText("Deploys the shop")).toBeVisible();
    expect(within(dialog).getByRole("button", { name: "Edit note…" })).toBeVisible();
  });
});

describe("the list", () => {
  it("has a column of notes where it is wanted, sorted with those without one last", async () => {
    const { user } = app({}, { notesInList: true });
    expect(await findRow("CI/CD Pipeline")).toHaveTextContent("Deploys the shopdue");
    expect(getRow("Zapier")).toHaveTextContent("Owner: Bob");
    expect(getRow("Plain")).toHaveTextContent("—");
    for (const order of [
      ["CI/CD Pipeline", "Zapier", "Plain"],
      ["Zapier", "CI/CD Pipeline", "Plain"],
    ]) {
      await user.click(getButton("Your note"));
      await waitFor(() => expect(shownNames()).toEqual(order));
    }
    expect(await violations()).toEqual([]);
  });

  it("is filtered by what is due and by what has no note", async () => {
    const { user } = app();
    await findRow("Plain");
    await user.click(getButton(/More filters/));
    await user.click(await screen.findByRole("menuitemcheckbox", { name: /Review due/ }));
    await user.keyboard("{Escape}");
    await waitFor(() => expect(shownNames()).toEqual(["CI/CD Pipeline"]));
    await user.click(getButton(/More filters/));
    await user.click(await screen.findByRole("menuitemcheckbox", { name: /No note/ }));
    await user.keyboard("{Escape}");
    await waitFor(() => expect(new Set(shownNames())).toEqual(new Set(["CI/CD Pipeline", "Plain"])));
  });

  it("shows and hides the column by an action", async () => {
    const { user, host } = app();
    await findRow("Plain");
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox"), "notes in the list{Enter}");
    await waitFor(() => expect(getRow("Plain")).toHaveTextContent("—"));
    expect(host.sent("write_preferences").at(-1)).toMatchObject({ notesInList: true });
  });
});

const imported: NotesRow[] = [
  {
    line: 2,
    title: "Plain …04d5e6f7 · ops",
    note: {
      account: of,
      key: plain.id,
      purpose: "Reads invoices",
      owner: "Ada",
      storedIn: "",
      reviewOn: "2027-03-01",
      over: null,
    },
    problem: null,
    replaces: null,
  },
  {
    line: 3,
    title: "CI/CD Pipeline …ab12cd34 · ops",
    note: {
      account: of,
      key: ci.id,
      purpose: "Other",
      owner: "",
      storedIn: "",
      reviewOn: null,
      over: "2026-11-01T10:00:00Z",
    },
    problem: null,
    replaces: note(),
  },
  { line: 4, title: "", note: null, problem: "A whole token does not belong here.", replaces: null },
];

describe("a table of notes", () => {
  async function openImport(changes: Script = {}) {
    const opened = app(changes);
    await findRow("Plain");
    await opened.user.keyboard("{Control>}k{/Control}");
    await opened.user.type(await screen.findByRole("combobox"), "import notes{Enter}");
    return { ...opened, sheet: within(await screen.findByRole("dialog", { name: "Import notes" })) };
  }

  it("is looked at before anything is written; what would replace a note is not ticked", async () => {
    const { host, user, sheet } = await openImport({
      read_notes: () => ({ kind: "read", rows: imported, remarks: ["1 row says nothing."] }),
      import_notes: () => ({
        kind: "imported",
        accounts: [{ account: of, notes: [...both, note({ key: plain.id, purpose: "Reads invoices" })] }],
      }),
    });
    await user.click(sheet.getByRole("button", { name: "Choose a CSV file…" }));
    expect(await sheet.findByText("1 row says nothing.")).toBeVisible();
    const isTicked = (name: RegExp) => sheet.getByRole<HTMLInputElement>("checkbox", { name }).checked;
    expect(isTicked(/^Plain/)).toBe(true);
    expect(isTicked(/^CI/)).toBe(false);
    expect(sheet.getByText(/Replaces your note: Deploys the shop · Owner: Ada/)).toBeVisible();
    expect(sheet.getByRole("checkbox", { name: "Line 4: not taken" })).toBeDisabled();
    expect(await violations()).toEqual([]);
    expect(host.sent("import_notes")).toEqual([]);
    await user.click(sheet.getByRole("button", { name: "Import 1 note" }));
    expect(await screen.findByText("1 note imported.")).toBeVisible();
    expect(host.sent("import_notes")).toEqual([{ notes: [imported[0]?.note] }]);
    // The sheet holds the focus until it is gone, and gives it back a frame later.
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await waitFor(() => expect(document.body).not.toHaveFocus());
    await user.type(screen.getByLabelText("Search keys"), "invoices");
    await waitFor(() => expect(shownNames()).toEqual(["Plain"]));
  });

  it("says when something changed since it was read, and when nothing in it is new", async () => {
    let rows = imported;
    const { user, sheet } = await openImport({
      read_notes: () => ({ kind: "read", rows, remarks: ["Nothing in this file is new."] }),
      import_notes: () => ({ kind: "changed", message: "A note is not as it was shown any more." }),
    });
    await user.click(sheet.getByRole("button", { name: "Choose a CSV file…" }));
    await user.click(await sheet.findByRole("button", { name: "Import 1 note" }));
    expect(await sheet.findByText(/not as it was shown/)).toBeVisible();
    rows = [];
    await user.click(sheet.getByRole("button", { name: "Another file…" }));
    await waitFor(() => expect(sheet.queryByRole("checkbox")).toBeNull());
    expect(sheet.getByText("Nothing in this file is new.")).toBeVisible();
    expect(sheet.queryByRole("button", { name: /^Import/ })).toBeNull();
  });

  it("is exported, and told with its path", async () => {
    const { user } = app({
      export_notes: () => ({ kind: "saved", path: "/home/olga/notes.csv", rows: 3 }),
    });
    await findRow("Plain");
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox"), "export notes{Enter}");
    expect(await screen.findByText("Exported 3 keys with your notes.")).toBeVisible();
    expect(screen.getByText("/home/olga/notes.csv")).toBeVisible();
  });
});
