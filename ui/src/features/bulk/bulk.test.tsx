import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type {
  BulkOutcome,
  BulkProgress,
  BulkResult,
  BulkResultKind,
  KeyRow,
  Revocations,
  RevocationConfirmed,
  UiError,
  UsageProgress,
  UsageSearched,
} from "../../bindings";
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
import {
  account,
  bulkCard,
  bulkResult,
  bulkRow,
  daysAgo,
  errors,
  keyRow,
  keyUsage,
  manyKeys,
  minutesAgo,
  nothingFound,
  usageProgress,
  usageReport,
  usageSearched,
} from "../../testing/samples";
import { endInWords, groupsOf, milestoneOf } from "./results";

const named = (id: string, name: string, lastUsedAt: string | null) =>
  keyRow({ id, name, lastEight: `0000000${id}`, lastUsedAt });
const busy = named("1", "busy", minutesAgo(12));
const weekly = named("2", "weekly", daysAgo(3));
const idle = named("3", "idle", daysAgo(100));
const older = named("4", "older", daysAgo(200));
const never = named("5", "never", null);
const own = keyRow({
  id: "6",
  name: "Pulse Keys",
  lastEight: "00000006",
  lastUsedAt: daysAgo(300),
  own: true,
});
const all = [busy, weekly, idle, older, own, never];
const calm = [idle, older, never];

function cardOf(ids: readonly string[], rows = all) {
  return bulkCard(rows.filter(({ id }) => ids.includes(id)).map((row) => bulkRow(row)));
}

/** The card of all rows, opened by the keys alone. */
async function openCard(rows: KeyRow[] = all, changes: Script = {}) {
  const app = renderApp(
    signedIn(rows, {
      bulk_card: ({ keys }) => cardOf(keys, rows),
      cancel_delete_keys: () => null,
      ...changes,
    }),
  );
  const row = await findRow(rows[0]?.name ?? "");
  act(() => row.focus());
  await app.user.keyboard("{Control>}a{/Control}{Delete}");
  const dialog = await screen.findByRole("dialog");
  return { ...app, dialog };
}

const box = (name: string | RegExp) => screen.getByRole("checkbox", { name });
const boxes = () => within(screen.getByRole("list", { name: "Keys to delete" })).getAllByRole("checkbox");

function progress(done: number, changes: Partial<BulkProgress> = {}): BulkProgress {
  return { total: 3, done, current: null, waitingUntil: null, results: [], ...changes };
}

/** A run that the test drives. */
function driven() {
  const answer = deferred<BulkOutcome>();
  let tell: (progress: BulkProgress) => void = () => undefined;
  const script: Script = {
    delete_keys: (_, onProgress) => {
      tell = onProgress;
      return answer.promise;
    },
  };
  return {
    script,
    tell: (now: BulkProgress) => act(() => tell(now)),
    end: (outcome: BulkOutcome) => answer.resolve(outcome),
    fail: (error: Error) => answer.reject(error),
  };
}

function finished(
  kinds: readonly [KeyRow, BulkResultKind, UiError?][],
  message: string,
  cancelled = false,
): BulkOutcome {
  return {
    kind: "finished",
    results: kinds.map(([row, kind, error]) => bulkResult(row, kind, error)),
    cancelled,
    message,
  };
}

async function startRun(changes: Script = {}) {
  const run = driven();
  const app = await openCard(all, { ...run.script, ...changes });
  await waitFor(() => expect(getButton("Delete 3 keys…")).toBeEnabled());
  await app.user.click(getButton("Delete 3 keys…"));
  return { ...app, ...run };
}

describe("the search in the card", () => {
  const found = keyUsage({
    key: "3",
    lastEight: "00000003",
    verdict: "confirmed",
    places: 2,
    words: "Found in 2 places on this machine.",
  });
  const nothing = (row: KeyRow) => keyUsage({ key: row.id, lastEight: row.lastEight, ...nothingFound });
  const keys = all.map((row) => (row.id === "3" ? found : nothing(row)));

  async function openSearching() {
    const answer = deferred<UsageSearched>();
    let tell: (progress: UsageProgress) => void = () => undefined;
    const app = await openCard(all, {
      usage_search: (_, onProgress) => {
        tell = onProgress;
        return answer.promise;
      },
    });
    await screen.findByText("3 of 6 ticked, 2 risky left out");
    await waitFor(() => expect(app.host.sent("usage_search")).toHaveLength(1));
    const rows = cardOf(all.map(({ id }) => id)).rows.map((row) => ({ ...row, number: 2 }));
    const risen = { friction: "type_phrase_strongly", risky: true, ticked: false, usage: found } as const;
    const many = rows.map((row) => (row.key.id === "3" ? { ...row, ...risen } : row));
    const report = usageReport({ keys, state: "running", endedAt: null });
    const changed = many.filter(({ key }) => key.id === "3");
    const find = () => act(() => tell(usageProgress(report, "/home/olga", { many: changed })));
    return { ...app, find, end: () => act(() => answer.resolve(usageSearched({ keys }, { many }))) };
  }

  it("is one for all keys; each row tells what was found of it", async () => {
    const { host, find, end } = await openSearching();
    expect(host.sent("usage_search")).toEqual([
      { account: account().id, keys: ["1", "2", "3", "4", "6", "5"], tier: "folders" },
    ]);
    expect(host.sent("usage_last")).toEqual([]);
    find();
    expect(await screen.findByText("Found in 2 places on this machine.")).toBeVisible();
    expect(box(/^idle/)).toHaveAccessibleDescription(/Found in 2 places on this machine/);
    expect(box(/^older/)).not.toHaveAccessibleDescription(/Nothing found/);
    end();
    expect(await screen.findByText(/^Searched/)).toBeVisible();
    expect(box(/^older/)).toHaveAccessibleDescription(/Nothing found in the places searched/);
    expect(await violations()).toEqual([]);
  });

  it("unticks what has become risky, but for what the person ticked", async () => {
    const { host, user, find } = await openSearching();
    await user.click(box(/^older/));
    find();
    expect(await screen.findByText("1 of 6 ticked, 3 risky left out")).toBeVisible();
    expect(screen.getByText("Found 1 more key that may still be in use.")).toBeInTheDocument();
    expect(box(/^older/)).not.toBeChecked();
    expect(host.sent("bulk_card")).toHaveLength(1);
    await user.click(box(/^idle/));
    expect(screen.getByLabelText("Type delete 2 keys to delete them")).toBeVisible();
    expect(getButton("Delete 2 keys…")).toBeDisabled();
  });
});

describe("the card", () => {
  it("lists each key with its evidence; risky ones aren’t ticked, and what can’t go says why", async () => {
    const { dialog, host } = await openCard();
    expect(await within(dialog).findByText("3 of 6 ticked, 2 risky left out")).toBeVisible();
    expect(dialog).toHaveAccessibleName("Delete 6 keys?");
    expect(host.sent("bulk_card")).toEqual([{ account: account().id, keys: ["1", "2", "3", "4", "6", "5"] }]);
    for (const { name } of calm) expect(box(new RegExp(`^${name}`))).toBeChecked();
    for (const { name } of [busy, weekly]) {
      expect(box(new RegExp(`^${name}`))).not.toBeChecked();
      expect(box(new RegExp(`^${name}`))).toHaveAccessibleDescription(/Risky Something used this key/);
    }
    expect(box("busy …00000001")).toBeVisible();
    expect(box(/^Pulse Keys/)).not.toBeChecked();
    expect(box(/^Pulse Keys/)).toHaveAttribute("aria-disabled", "true");
    expect(box(/^Pulse Keys/)).toHaveAccessibleDescription(
      /Pulse Keys signs in with it; delete it by itself/,
    );
    expect(within(dialog).getByText("401 Unauthorized")).toBeVisible();
    expect(screen.queryByLabelText(/^Type/)).toBeNull();
    expect(getButton("Delete 3 keys…")).toBeEnabled();
    expect(await violations()).toEqual([]);
  });

  it("shows the keys while the service is asked, and can’t delete yet", async () => {
    const { user } = await openCard(all, { bulk_card: () => new Promise(() => undefined) });
    expect(boxes()).toHaveLength(6);
    expect(getButton("Delete keys…")).toBeDisabled();
    await user.click(box(/^idle/));
    expect(box(/^idle/)).not.toBeChecked();
    expect(await screen.findByText("Asking PulseAPI…")).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it("asks again when the service could not be asked", async () => {
    const { host, user } = await openCard(all, { bulk_card: failing(errors.offline) });
    expect(await screen.findByText(errors.offline.message)).toBeVisible();
    host.script.bulk_card = ({ keys }) => cardOf(keys);
    await user.click(getButton("Retry"));
    await waitFor(() => expect(getButton("Delete 3 keys…")).toBeEnabled());
    expect(host.sent("bulk_card")).toHaveLength(2);
  });

  it("is gone through by arrows and ticked by Space", async () => {
    const { user } = await openCard();
    await screen.findByText(/3 of 6 ticked/);
    while (document.activeElement !== boxes()[0]) await user.tab();
    await user.keyboard("{ArrowDown}{ArrowDown} ");
    expect(box(/^idle/)).toHaveFocus();
    expect(box(/^idle/)).not.toBeChecked();
    expect(getButton("Delete 2 keys…")).toBeEnabled();
    // What can't be ticked can be reached: its reason is to be heard.
    await user.keyboard("{ArrowDown}{ArrowDown} ");
    expect(box(/^Pulse Keys/)).toHaveFocus();
    expect(box(/^Pulse Keys/)).not.toBeChecked();
    await user.keyboard("{End}");
    expect(box(/^never/)).toHaveFocus();
    await user.keyboard("{ArrowDown}{Home}{ArrowUp}");
    expect(box(/^busy/)).toHaveFocus();
    await user.tab();
    await user.tab({ shift: true });
    expect(box(/^busy/)).toHaveFocus();
  });

  it("ticks all but the risky ones, and none", async () => {
    const { user } = await openCard();
    await screen.findByText(/3 of 6 ticked/);
    expect(getButton("Tick all but risky")).toBeDisabled();
    await user.click(box(/^busy/));
    expect(screen.getByText("4 of 6 ticked, 1 of them risky")).toBeVisible();
    await user.click(getButton("Untick all"));
    expect(screen.getByText("0 of 6 ticked, 2 risky left out")).toBeVisible();
    expect(getButton("Delete keys…")).toBeDisabled();
    await user.click(getButton("Tick all but risky"));
    expect(screen.getByText("3 of 6 ticked, 2 risky left out")).toBeVisible();
  });

  it("wants the number typed when a risky one is ticked", async () => {
    const { host, user } = await openCard(all, { delete_keys: () => ({ kind: "cancelled" }) });
    await screen.findByText(/3 of 6 ticked/);
    await user.click(box(/^weekly/));
    expect(screen.getByText("1 of these keys may still be in use.")).toBeVisible();
    const field = screen.getByLabelText("Type delete 4 keys to delete them");
    expect(getButton("Delete 4 keys…")).toBeDisabled();
    await user.type(field, "delete 3 keys{Enter}");
    expect(getButton("Delete 4 keys…")).toBeDisabled();
    expect(host.sent("delete_keys")).toEqual([]);
    await user.clear(field);
    await user.type(field, " delete 4 keys ");
    expect(getButton("Delete 4 keys…")).toBeEnabled();
    // One more, and it is another number.
    await user.click(box(/^busy/));
    expect(getButton("Delete 5 keys…")).toBeDisabled();
    await user.click(box(/^busy/));
    await user.type(field, "{Enter}");
    expect(host.sent("delete_keys")).toEqual([
      { account: account().id, keys: ["2", "3", "4", "5"], typed: "delete 4 keys" },
    ]);
    expect(await violations()).toEqual([]);
  });

  it("says “delete 1 key”", async () => {
    const { user } = await openCard();
    await screen.findByText(/3 of 6 ticked/);
    await user.click(getButton("Untick all"));
    await user.click(box(/^weekly/));
    expect(screen.getByLabelText("Type delete 1 key to delete them")).toBeVisible();
    expect(getButton("Delete 1 key…")).toBeDisabled();
  });

  it("closes by Esc without having sent anything; rows and focus stay as they were", async () => {
    const { host, user } = await openCard();
    await screen.findByText(/3 of 6 ticked/);
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(host.sent("delete_keys")).toEqual([]);
    await expectFocusOn(() => getRow("busy"));
    expect(shownNames()).toHaveLength(6);
  });

  it("has room for five hundred", async () => {
    const rows = manyKeys(500).map((row) => ({ ...row, lastUsedAt: null }));
    await openCard(rows);
    expect(await screen.findByText("500 of 500 ticked")).toBeVisible();
    expect(boxes()).toHaveLength(500);
    expect(getButton("Delete 500 keys…")).toBeEnabled();
  });
});

describe("the native dialog", () => {
  it("can’t be left or asked twice while it is open", async () => {
    const { host, user, dialog, end } = await startRun();
    expect(await screen.findByText("Waiting for your answer in the dialog…")).toBeVisible();
    await user.keyboard("{Escape}");
    await user.click(getButton(/Delete 3 keys…/));
    await user.click(box(/^idle/));
    expect(dialog).toBeVisible();
    expect(box(/^idle/)).toBeChecked();
    expect(getButton("Cancel")).toBeDisabled();
    expect(host.sent("delete_keys")).toEqual([{ account: account().id, keys: ["3", "4", "5"], typed: null }]);
    end({ kind: "cancelled" });
    await waitFor(() => expect(getButton("Cancel")).toBeEnabled());
    expect(getButton("Delete 3 keys…")).toBeEnabled();
  });

  it("card changed: the message on top, the new card, the ticks as core says", async () => {
    const { end } = await startRun();
    const gone = bulkRow(idle, { ticked: false, obstacle: "It was gone already.", evidence: "No record." });
    end({
      kind: "card_changed",
      card: bulkCard([
        gone,
        bulkRow(older, { ticked: false }),
        bulkRow(never),
        bulkRow(busy, { ticked: true }),
      ]),
      message: "“idle” was gone already. 2 keys are still ticked.",
    });
    expect(await screen.findByText(/“idle” was gone already/)).toBeVisible();
    expect(boxes().map((each) => (each as HTMLInputElement).checked)).toEqual([false, false, true, true]);
    expect(box(/^idle/)).toHaveAccessibleDescription(/It was gone already\./);
    expect(screen.getByLabelText("Type delete 2 keys to delete them")).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it("a failed command is told in the card, which can be asked anew", async () => {
    const { host, user } = await startRun({ delete_keys: failing(errors.rateLimited) });
    expect(await screen.findByText(errors.rateLimited.message)).toBeVisible();
    await user.click(getButton("Ask again"));
    await waitFor(() => expect(host.sent("bulk_card")).toHaveLength(2));
    expect(screen.queryByText(errors.rateLimited.message)).toBeNull();
  });
});

describe("the run", () => {
  it("says how far it is, at which key, and how each ended", async () => {
    const { dialog, tell } = await startRun();
    tell(progress(0, { current: "3" }));
    expect(dialog).toHaveAccessibleName("Deleting 3 keys");
    const bar = screen.getByRole("progressbar", { name: "Keys dealt with" });
    expect(bar).toHaveAttribute("aria-valuenow", "0");
    expect(bar).toHaveAttribute("aria-valuemax", "3");
    expect(getButton("Cancel the rest")).toHaveFocus();
    expect(getButton("Cancel the rest")).toHaveAccessibleDescription(/finished first/);
    tell(progress(1, { results: [bulkResult(idle, "deleted")] }));
    tell(progress(2, { current: "5", results: [bulkResult(older, "not_deleted", errors.other)] }));
    expect(bar).toHaveAttribute("aria-valuetext", "2 of 3");
    const items = within(screen.getByRole("list", { name: "Keys" })).getAllByRole("listitem");
    expect(items.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/^idle…00000003Deleted \d\d:03:22$/),
      "older…00000004Not deletedThe server answered with an error (500). Nothing was deleted.",
      "never…00000005Deleting…",
    ]);
    expect(within(dialog).getByText("2 of 3 keys done, 1 not deleted.")).toHaveAttribute("role", "status");
    expect(await violations()).toEqual([]);
  });

  it("says until when it waits for the rate limit", async () => {
    const { tell } = await startRun();
    tell(progress(1, { current: "4", waitingUntil: "2026-11-22T14:03:22Z" }));
    const status = screen.getByText(/Waiting for PulseAPI’s rate limit until \d\d:03:22/);
    expect(status).toHaveAttribute("role", "status");
    tell(progress(1, { current: "4" }));
    expect(screen.queryByText(/Waiting for PulseAPI/)).toBeNull();
  });

  it("asks before it is left, and goes on meanwhile", async () => {
    const { host, user, tell, dialog } = await startRun();
    tell(progress(0, { current: "3" }));
    for (const leave of ["{Escape}", "Close"]) {
      if (leave === "{Escape}") await user.keyboard(leave);
      else await user.click(getButton(leave));
      expect(screen.getByText("Deleting goes on. Stop after this key?")).toBeVisible();
      expect(getButton("Go on deleting")).toHaveFocus();
      tell(progress(1, { results: [bulkResult(idle, "deleted")] }));
      expect(getButton("Go on deleting")).toHaveFocus();
      await user.keyboard("{Enter}");
      expect(getButton("Cancel the rest")).toHaveFocus();
    }
    await user.keyboard("{Escape}{Escape}");
    expect(screen.queryByText(/Deleting goes on/)).toBeNull();
    expect(dialog).toBeVisible();
    expect(host.sent("cancel_delete_keys")).toEqual([]);
    await user.keyboard("{Escape}");
    await user.click(getButton("Stop after this key"));
    expect(host.sent("cancel_delete_keys")).toEqual([account().id].map((id) => ({ account: id })));
    expect(screen.getByText("Stopping. The key that is on its way is finished first.")).toBeVisible();
    // Nothing more can be asked of it.
    await user.keyboard("{Escape}");
    expect(screen.queryByText(/Deleting goes on/)).toBeNull();
    expect(dialog).toBeVisible();
  });

  it("cancelled in the middle: what was deleted, what was not tried, and the rest once more", async () => {
    const { host, user, tell, end, dialog } = await startRun();
    tell(progress(0, { current: "3" }));
    await user.keyboard("{Enter}");
    expect(host.sent("cancel_delete_keys")).toHaveLength(1);
    tell(progress(1, { results: [bulkResult(idle, "deleted")] }));
    end(
      finished(
        [
          [idle, "deleted"],
          [older, "not_tried"],
          [never, "not_tried"],
        ],
        "Cancelled. Deleted 1 of 3 keys. 2 were not tried.",
        true,
      ),
    );
    await waitFor(() => expect(dialog).toHaveAccessibleName("Deleting 3 keys: cancelled"));
    await waitFor(() => expect(screen.getByRole("region", { name: "Results" })).toHaveFocus());
    expect(screen.getAllByText("Cancelled. Deleted 1 of 3 keys. 2 were not tried.")[0]).toHaveAttribute(
      "role",
      "status",
    );
    expect(screen.getByText("Not tried: cancelled before its turn.")).toBeVisible();
    expect(await violations()).toEqual([]);

    await user.click(getButton("Try the rest again"));
    await waitFor(() =>
      expect(host.sent("bulk_card").at(-1)).toEqual({ account: account().id, keys: ["4", "5"] }),
    );
    expect(dialog).toHaveAccessibleName("Delete 2 keys?");
    host.script.delete_keys = () =>
      finished(
        [
          [older, "deleted"],
          [never, "not_deleted", errors.other],
        ],
        "Deleted 1 of 2 keys. 1 was not deleted.",
      );
    await waitFor(() => expect(getButton("Delete 2 keys…")).toBeEnabled());
    await user.click(getButton("Delete 2 keys…"));
    await waitFor(() => expect(dialog).toHaveAccessibleName("Deleting 2 keys: done"));
    await user.click(within(dialog).getAllByRole("button", { name: "Close" }).at(-1) ?? dialog);

    // Of both rounds: the deleted ones leave, the one that failed stays selected.
    await waitFor(() => expect(shownNames()).toEqual(["busy", "weekly", "Pulse Keysthis app", "never"]));
    expect(await findRow("never")).toHaveAttribute("aria-selected", "true");
    expect(await findRow("busy")).toHaveAttribute("aria-selected", "false");
    await expectFocusOn(() => getRow("never"));
    expect(host.sent("refresh_keys").length).toBeGreaterThan(1);
  });

  it("says so when it could not be called off", async () => {
    const { user, tell } = await startRun({ cancel_delete_keys: failing(errors.other) });
    tell(progress(0, { current: "3" }));
    await user.keyboard("{Enter}");
    expect(await screen.findByText(errors.other.message)).toBeVisible();
    expect(screen.queryByText(/^Stopping/)).toBeNull();
  });
});

describe("the end", () => {
  it("tells every outcome with its reason, first what asks for something", async () => {
    const { dialog, tell, end, user } = await startRun();
    tell(progress(0, { current: "3" }));
    end(
      finished(
        [
          [idle, "deleted"],
          [older, "gone_already"],
          [never, "not_deleted", errors.other],
          [weekly, "unknown", errors.offline],
          [busy, "not_tried", errors.offline],
        ],
        "Deleted 1 of 5 keys.",
      ),
    );
    await waitFor(() => expect(dialog).toHaveAccessibleName("Deleting 5 keys: stopped early"));
    const results = screen.getByRole("region", { name: "Results" });
    expect(
      within(results)
        .getAllByRole("heading")
        .map(({ textContent }) => textContent),
    ).toEqual(["Not deleted1", "Not known yet1", "Not tried1", "Gone already1", "Deleted1"]);
    expect(within(results).getByText(`${errors.other.message} ${errors.other.hint}`)).toBeVisible();
    expect(within(results).getAllByText(`${errors.offline.message} ${errors.offline.hint}`)).toHaveLength(2);
    expect(within(results).getByText(/:03:22 · 401 confirmed/)).toBeVisible();
    expect(within(results).getByText("It was gone already.")).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await waitFor(() => expect(shownNames()).toEqual(["busy", "weekly", "Pulse Keysthis app", "never"]));
    for (const name of ["busy", "weekly", "never"]) {
      expect(await findRow(name)).toHaveAttribute("aria-selected", "true");
    }
  });

  it("all deleted: nothing is left to try, the rows leave, the list is asked anew", async () => {
    const { dialog, end, user, host } = await startRun();
    end(
      finished(
        calm.map((row): [KeyRow, BulkResultKind] => [row, "deleted"]),
        "Deleted 3 keys. Their tokens get 401.",
      ),
    );
    await waitFor(() => expect(dialog).toHaveAccessibleName("Deleting 3 keys: done"));
    expect(screen.queryByRole("button", { name: "Try the rest again" })).toBeNull();
    const asked = host.sent("refresh_keys").length;
    await user.keyboard("{Escape}");
    await waitFor(() => expect(shownNames()).toEqual(["busy", "weekly", "Pulse Keysthis app"]));
    for (const row of screen.getAllByRole("row")) expect(row).not.toHaveAttribute("aria-selected", "true");
    await waitFor(() => expect(host.sent("refresh_keys").length).toBeGreaterThan(asked));
    await expectFocusOn(() => getRow(/Pulse Keys/));
  });

  it("leads to signing in again when the credential was refused in the middle", async () => {
    const { tell, end, user } = await startRun();
    tell(progress(1, { results: [bulkResult(idle, "deleted")] }));
    end(
      finished(
        [
          [idle, "deleted"],
          [older, "not_deleted", errors.unauthorized],
          [never, "not_tried", errors.unauthorized],
        ],
        "Deleted 1 of 3 keys. 1 was not deleted, 1 was not tried.",
      ),
    );
    expect(await screen.findByRole("button", { name: "Try the rest again" })).toBeVisible();
    expect(screen.getByText(errors.unauthorized.message)).toBeVisible();
    await user.click(getButton("Sign in again…"));
    expect(await screen.findByRole("heading", { name: /Sign in again to/ })).toBeVisible();
    await user.click(screen.getByRole("tab", { name: "API Keys" }));
    await findRow("older");
    expect(shownNames()).not.toContain("idle");
  });

  it("keeps what was told when the run breaks off by itself", async () => {
    const { tell, fail, dialog } = await startRun();
    tell(progress(1, { results: [bulkResult(idle, "deleted")] }));
    fail(new Error("gone"));
    await waitFor(() => expect(dialog).toHaveAccessibleName("Deleting 3 keys: done"));
    const results = screen.getByRole("region", { name: "Results" });
    expect(within(results).getByText("Not known yet")).toBeVisible();
    expect(within(results).getByText("Deleted")).toBeVisible();
  });
});

describe("in words", () => {
  const rows = manyKeys(200);
  const run = (done: number, bad = 0) => ({
    rows,
    isAnswered: true,
    done,
    current: null,
    waitingUntil: null,
    isStopping: false,
    results: new Map(
      rows
        .slice(0, done)
        .map((row, place) => [row.id, bulkResult(row, place < bad ? "not_deleted" : "deleted")]),
    ),
  });

  it("speaks at every tenth, not at every key", () => {
    const said = Array.from({ length: 201 }, (_, done) => milestoneOf(run(done)));
    expect(new Set(said).size).toBe(11);
    expect(milestoneOf(run(19))).toBe("");
    expect(milestoneOf(run(21, 2))).toBe("20 of 200 keys done, 2 not deleted.");
    expect(milestoneOf(run(200))).toBe("200 of 200 keys done.");
  });

  it("says the same reason once", () => {
    const results = rows.slice(0, 3).map((row) => bulkResult(row, "not_tried"));
    expect(groupsOf(results, null)).toMatchObject([
      { kind: "not_tried", shared: "Not tried: cancelled before its turn." },
    ]);
    expect(endInWords({ results, isCancelled: false, message: "" })).toBe("stopped early");
  });
});

describe("keys that changed, and tokens that are still accepted", () => {
  it("are groups of their own, and a 401 that is seen later is told at its key", async () => {
    let watch: (now: Revocations) => void = () => undefined;
    const { end } = await startRun({
      watch_revocations: (_, onProgress) => {
        watch = onProgress;
        return new Promise(() => undefined);
      },
    });
    const stale: BulkResult = { ...bulkResult(idle, "deleted"), verification: "token_accepted" };
    end({
      kind: "finished",
      results: [stale, bulkResult(older, "changed"), bulkResult(never, "deleted")],
      cancelled: false,
      message: "Deleted 2 of 3 keys. 1 was left alone for having changed.",
    });
    const results = await screen.findByRole("region", { name: "Results" });
    expect(within(results).getByText("Left alone. It was called “CI” before.")).toBeVisible();
    expect(within(results).getByText(/:03:22 · its token is still accepted/)).toBeVisible();
    const confirmed: RevocationConfirmed = {
      account: account().id,
      key: idle.id,
      at: "2026-11-22T14:03:37Z",
      message: "The token of “idle” gets 401 now.",
      signedOut: null,
    };
    act(() => watch({ open: [], confirmed: [confirmed] }));
    expect(await within(results).findByText(/:03:37 · 401 confirmed/)).toBeVisible();
    expect(await violations()).toEqual([]);
  });
});
