import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { EndView, JournalPage, JournalRow, JournalVerified } from "../../bindings";
import { actionInWords } from "../../lib/journalAction";
import type { Script } from "../../testing/fakeHost";
import { deferred } from "../../testing/fakeHost";
import {
  expectFocusOn,
  failing,
  findRow,
  getRow,
  renderApp,
  signedIn,
  violations,
} from "../../testing/render";
import {
  journal,
  journalPage,
  journalRow,
  journalRows,
  journalVerified,
  manyJournalRows,
} from "../../testing/journalSamples";
import { account, appState, errors, hostileKeys, minutesAgo } from "../../testing/samples";
import { chainInWords, endInWords } from "./entries";

interface View extends Partial<JournalVerified> {
  of?: JournalRow[];
}

async function openActivity({ of: rows = journalRows(), ...verified }: View = {}, changes: Script = {}) {
  const app = renderApp(
    signedIn(undefined, {
      journal_page: (request) => journalPage(rows, request),
      verify_journal: () => journalVerified(rows, verified),
      ...changes,
    }),
  );
  await findRow("CI/CD Pipeline");
  await app.user.keyboard("{Control>}2{/Control}");
  return app;
}

const tab = () => screen.getByRole("tabpanel", { name: "Activity" });

/** Numbers of the rows in their order. */
function shownRows(): string[] {
  return screen.queryAllByRole("rowheader").map((cell) => cell.textContent);
}

const grid = () => screen.findByRole("grid", { name: "Journal" });

describe("the journal", () => {
  it("tells what was done to which key and how it ended, newest first", async () => {
    await openActivity();
    const row = await findRow("8");
    expect(row).toHaveTextContent(/Delete keyGrafana trial…5a5a8812deleted, 401 confirmed/);
    expect(shownRows()).toEqual(["10", "9", "8", "7", "6", "5", "4", "3", "2", "1"]);
    expect(screen.getByText("10 rows")).toBeVisible();
    expect(await screen.findByText("Journal verified: all 10 rows are unchanged.")).toBeVisible();
    expect(screen.getByText("The keychain confirms that none is missing at the end.")).toBeVisible();
    expect(screen.queryByRole("columnheader", { name: "Account" })).toBeNull();
    expect(await violations()).toEqual([]);
  });

  it("names the account only where there were several", async () => {
    const rows = [journalRow({ number: 2, accountLabel: "labs" }), journalRow({ number: 1 })];
    await openActivity({ of: rows });
    expect(within(await findRow("2")).getByText("labs")).toBeVisible();
    expect(screen.getByRole("columnheader", { name: "Account" })).toBeVisible();
  });

  it("says what it doesn’t know in plain words", () => {
    expect(actionInWords("replace_credential")).toBe("Replace credential");
    expect(actionInWords("a_later_action")).toBe("A later action");
  });

  it("renders hostile text as text", async () => {
    const rows = hostileKeys().map((row, place) =>
      journalRow({
        number: 20 - place,
        keyName: row.name,
        outcome: row.name,
        accountLabel: row.name,
        action: row.name,
      }),
    );
    const { user } = await openActivity({ of: rows });
    await user.click(await findRow("20"));
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("dialog", { name: "Row 20" })).toHaveTextContent(
      '<img src=x onerror="document.title=1"><b>bold</b>',
    );
    expect(document.querySelector("img, b, script")).toBeNull();
    expect(document.body.textContent).not.toContain("\u202e");
    expect(document.body.textContent).not.toContain("\u0000");
  });

  it("has only the rows in sight in the page, and says how many there are", async () => {
    const { host } = await openActivity({ of: manyJournalRows(20_000) });
    await screen.findByText("20,000 rows");
    expect(await grid()).toHaveAttribute("aria-rowcount", "20001");
    expect(document.querySelectorAll("[role=row]").length).toBeLessThan(60);
    expect(host.sent("journal_page")).toEqual([
      { before: null, limit: 200, action: null, text: "", ofKey: null },
    ]);
  });

  it("reads on when the end of what was read comes into sight, and no further", async () => {
    const { host, user } = await openActivity({ of: manyJournalRows(300) });
    await user.click(await findRow("300"));
    await user.keyboard("{End}");
    expect(await findRow("101")).toHaveFocus();
    await findRow("100");
    await user.keyboard("{End}");
    expect(await findRow("1")).toHaveFocus();
    expect(host.sent("journal_page").map(({ before }) => before)).toEqual([null, 101]);
  });

  it("is read again on coming back, by F5 and after a change of accounts", async () => {
    const both = appState({ accounts: [account(), account({ id: "2", label: "labs" })] });
    const { host, user } = await openActivity(
      {},
      { first_state: () => both, switch_account: () => ({ ...both, active: "2" }) },
    );
    await findRow("10");
    await user.keyboard("{Control>}1{/Control}");
    await findRow("CI/CD Pipeline");
    host.script.journal_page = () =>
      journal({ rows: [journalRow({ number: 11, at: minutesAgo(0) }), ...journalRows()] });
    await user.keyboard("{Control>}2{/Control}");
    await findRow("11");
    expect(host.sent("journal_page")).toHaveLength(2);
    await user.keyboard("{F5}");
    await waitFor(() => expect(host.sent("journal_page")).toHaveLength(3));
    await user.keyboard("{Control>}{Shift>}A{/Shift}{/Control}");
    await user.click(await screen.findByRole("menuitem", { name: /labs/ }));
    await waitFor(() => expect(host.sent("journal_page")).toHaveLength(4));
  });
});

describe("keys of the journal", () => {
  it("moves through rows and cells, and shows the exact time to the focus", async () => {
    const { user } = await openActivity();
    await user.click(await findRow("10"));
    await user.keyboard("j{ArrowDown}");
    expect(await findRow("8")).toHaveFocus();
    await user.keyboard("k{ArrowRight}{ArrowRight}");
    expect(await screen.findByRole("tooltip")).toHaveTextContent(/^22 Nov 2026, \d\d:\d\d:\d\d$/);
    await user.keyboard("{ArrowLeft}{ArrowLeft}{End}");
    expect(await findRow("1")).toHaveFocus();
  });

  it("opens everything about a row by Enter, and gives the focus back", async () => {
    const { user } = await openActivity();
    await user.click(await findRow("9"));
    await user.keyboard("{Enter}");
    const details = await screen.findByRole("dialog", { name: "Row 9" });
    const request = within(details).getByText(journalRow().requestId ?? "none");
    expect(request.closest("[data-selectable]")).not.toBeNull();
    expect(details).toHaveTextContent("Replace credential");
    expect(await violations()).toEqual([]);
    await user.keyboard("{Escape}");
    await expectFocusOn(() => getRow("9"));
    await user.click(screen.getByRole("button", { name: "Details of row 4" }));
    expect(await screen.findByRole("dialog", { name: "Row 4" })).not.toHaveTextContent("Request id");
  });
});

describe("finding rows", () => {
  it("filters by the key’s name, last 8 and id, and counts", async () => {
    const { user } = await openActivity();
    await findRow("10");
    await user.keyboard("/");
    const field = screen.getByRole("textbox", { name: "Search the journal by key" });
    expect(field).toHaveFocus();
    await user.keyboard("terra");
    await waitFor(() => expect(shownRows()).toEqual(["6", "5", "3", "2"]));
    expect(screen.getByText("4 of 10 rows")).toBeVisible();
    await user.clear(field);
    await user.type(field, "5A5A");
    await waitFor(() => expect(shownRows()).toEqual(["8", "7"]));
    await user.clear(field);
    await user.type(field, "100");
    await waitFor(() => expect(shownRows()).toEqual(["9"]));
    await user.keyboard("{Escape}{Escape}");
    expect(await findRow("10")).toHaveFocus();
  });

  it("filters by action, keeps that while another tab is open, and leads back from nothing", async () => {
    const { user } = await openActivity();
    await findRow("10");
    await user.click(screen.getByRole("button", { name: /Action/ }));
    await user.click(await screen.findByRole("option", { name: /Rotate key/ }));
    await waitFor(() => expect(shownRows()).toEqual(["5"]));
    await user.keyboard("{Control>}1{/Control}");
    await findRow("CI/CD Pipeline");
    await user.keyboard("{Control>}2{/Control}");
    await findRow("5");
    expect(screen.getByText("1 of 10 rows")).toBeVisible();
    const field = screen.getByRole("textbox", { name: "Search the journal by key" });
    await user.type(field, "zzz");
    expect(await screen.findByRole("heading", { name: "Nothing matches" })).toBeVisible();
    expect(tab()).toHaveTextContent("No row with the action “Rotate key” has a key that matches “zzz”.");
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Show all rows" }));
    await waitFor(() => expect(shownRows()).toHaveLength(10));
    expect(field).toHaveFocus();
  });
});

describe("the chain", () => {
  const broke = (at: number) => `Row ${at} was changed, or a row before it was removed, outside Pulse Keys.`;

  it.each([
    [1, null, "Journal verified: its 1 row is unchanged."],
    [2, null, "Journal verified: all 2 rows are unchanged."],
    [18, { at: 17, sound: 16 }, `${broke(17)} Rows up to 16 are unchanged.`],
    [2, { at: 3, sound: 1 }, `${broke(3)} Row 1 is unchanged.`],
    [2, { at: 1, sound: 0 }, `${broke(1)} No row is known to be unchanged.`],
  ])("is told in words (%#)", (rows, found, words) => {
    expect(chainInWords(rows, found === null ? { kind: "whole" } : { kind: "broken", ...found })).toBe(words);
  });

  it.each<[EndView, RegExp]>([
    [{ kind: "as_noted", since: minutesAgo(9), rowsThen: 0 }, /confirms that none is missing at the end/],
    [
      { kind: "as_noted", since: minutesAgo(9), rowsThen: 5 },
      /knows them since 22 Nov 2026, .* when there were 5 rows: whether others had been removed before/,
    ],
    [{ kind: "not_checked", why: "session_only" }, /not verified against the keychain: this session goes/],
    [{ kind: "not_checked", why: "locked" }, /not verified against the keychain: it is locked/],
    [{ kind: "not_checked", why: "unavailable" }, /not verified against the keychain: it can’t be asked/],
    [{ kind: "not_checked", why: "unreadable" }, /not verified against the keychain: what it holds/],
  ])("says what is known of the end (%#)", async (end, words) => {
    await openActivity({ end });
    expect(await screen.findByText(words)).toBeVisible();
    expect(endInWords(end)).toMatch(words);
    expect(within(tab()).queryByRole("alert")).toBeNull();
  });

  it("says that rows are missing at the end before anything else", async () => {
    const losses = [{ rows: 12, left: 10, noticedAt: minutesAgo(20) }];
    await openActivity({ end: { kind: "lost", losses } });
    const alarm = await within(tab()).findByRole("alert");
    expect(alarm).toHaveTextContent(/^Row 12 was the newest one .* removed or replaced outside Pulse Keys/);
    expect(alarm).toHaveTextContent(/Noticed 22 Nov 2026, .* when there were 10 rows\.$/);
    expect(screen.queryByText(/Journal verified/)).toBeNull();
    expect(await violations()).toEqual([]);
  });

  it("shows the rows while it is verified, and how far that is", async () => {
    const answer = deferred<JournalVerified>();
    await openActivity(
      {},
      {
        verify_journal: (_, onProgress) => {
          onProgress({ done: 4000, of: 1_000_000 });
          return answer.promise;
        },
      },
    );
    await findRow("10");
    expect(await screen.findByText("Verifying the journal: 4,000 of 1,000,000 rows…")).toBeVisible();
    answer.resolve(journalVerified());
    expect(await screen.findByText(/Journal verified/)).toBeVisible();
  });

  it("leads to a row that was not read yet, and back to the newest", async () => {
    const { user } = await openActivity({
      of: manyJournalRows(1000),
      chain: { kind: "broken", at: 7, sound: 6 },
    });
    await user.click(await screen.findByRole("button", { name: "Show row 7" }));
    await expectFocusOn(() => getRow(/^7/));
    await user.click(screen.getByRole("button", { name: "Show the newest rows" }));
    await findRow("1,000");
  });

  it("leads from the alarm to the row, also one that the filter hides", async () => {
    const { user } = await openActivity({ chain: { kind: "broken", at: 7, sound: 6 } });
    const alarm = await within(tab()).findByRole("alert");
    expect(alarm).toHaveTextContent(`${broke(7)} Rows up to 6 are unchanged.`);
    expect(screen.queryByText(/Journal verified/)).toBeNull();
    await user.type(screen.getByRole("textbox", { name: "Search the journal by key" }), "terra");
    await user.click(within(alarm).getByRole("button", { name: "Show row 7" }));
    await expectFocusOn(() => getRow(/^7/));
    expect(screen.getByRole("img", { name: "changed" })).toBeVisible();
    expect(await violations()).toEqual([]);
  });
});

describe("taking the journal along", () => {
  it("says where the file is", async () => {
    const { host, user } = await openActivity(
      {},
      { export_journal: ({ format }) => ({ kind: "saved", path: `/home/o/journal.${format}`, rows: 10 }) },
    );
    await user.click(await screen.findByRole("button", { name: "Export CSV…" }));
    expect(await screen.findByText("Exported 10 rows as CSV.")).toBeVisible();
    expect(screen.getByText("/home/o/journal.csv")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Export JSON…" }));
    expect(await screen.findByText("/home/o/journal.json")).toBeVisible();
    expect(host.sent("export_journal")).toEqual([{ format: "csv" }, { format: "json" }]);
  });

  it("does one at a time, and says nothing where the user thought better of it", async () => {
    const answer = deferred<{ kind: "cancelled" }>();
    const { host, user } = await openActivity({}, { export_journal: () => answer.promise });
    const csv = await screen.findByRole("button", { name: /Export CSV…/ });
    await user.click(csv);
    expect(screen.getByRole("button", { name: "Export JSON…" })).toBeDisabled();
    await user.click(csv);
    answer.resolve({ kind: "cancelled" });
    await waitFor(() => expect(screen.getByRole("button", { name: "Export JSON…" })).toBeEnabled());
    expect(host.sent("export_journal")).toHaveLength(1);
    expect(screen.queryByText(/Exported/)).toBeNull();
    expect(within(tab()).queryByRole("alert")).toBeNull();
  });

  it("says why it failed until that is put away", async () => {
    const { user } = await openActivity({}, { export_journal: failing(errors.other) });
    await user.click(await screen.findByRole("button", { name: "Export CSV…" }));
    const alert = await within(tab()).findByRole("alert");
    expect(alert).toHaveTextContent(errors.other.message);
    await user.click(within(alert).getByRole("button", { name: "Dismiss" }));
    expect(within(tab()).queryByRole("alert")).toBeNull();
  });
});

describe("states of the journal", () => {
  it("says that nothing has happened", async () => {
    await openActivity({ of: [] });
    expect(await screen.findByRole("heading", { name: "Nothing has happened yet." })).toBeVisible();
    expect(screen.queryByRole("button", { name: /Export/ })).toBeNull();
    expect(await violations()).toEqual([]);
  });

  it("says why it couldn’t be read, and tries again", async () => {
    const { host, user } = await openActivity({}, { journal_page: failing(errors.other) });
    expect(await screen.findByText(errors.other.message)).toBeVisible();
    expect(await violations()).toEqual([]);
    host.script.journal_page = () => journal();
    await user.click(within(tab()).getByRole("button", { name: "Retry" }));
    await findRow("10");
  });

  it("keeps what was read when reading it anew fails", async () => {
    const { host, user } = await openActivity();
    await findRow("10");
    host.script.journal_page = failing(errors.other);
    await user.keyboard("{F5}");
    const alert = await within(tab()).findByRole("alert");
    expect(alert).toHaveTextContent(/The server answered with an error .*Shown as read .*\./);
    expect(shownRows()).toHaveLength(10);
    host.script.journal_page = () => journal();
    await user.click(within(alert).getByRole("button", { name: "Retry" }));
    await waitFor(() => expect(within(tab()).queryByRole("alert")).toBeNull());
  });

  it("flashes no skeleton where the answer comes at once", async () => {
    const answer = deferred<JournalPage>();
    renderApp(signedIn(undefined, { journal_page: () => answer.promise }));
    await findRow("CI/CD Pipeline");
    vi.useFakeTimers();
    fireEvent.keyDown(document.body, { key: "2", code: "Digit2", ctrlKey: true });
    expect(tab()).toBeInTheDocument();
    expect(screen.queryByText("Loading the journal…")).toBeNull();
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    expect(screen.getByText("Loading the journal…")).toBeInTheDocument();
    answer.resolve(journal());
    vi.useRealTimers();
    await findRow("10");
  });
});
