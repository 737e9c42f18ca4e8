/** A believable journal. */
import type { JournalPage, JournalRequest, JournalRow, JournalVerified } from "../bindings";
import { NOW, minutesAgo, daysAgo, account } from "./samples";

export function journalRow(changes: Partial<JournalRow> = {}): JournalRow {
  const { number = 1 } = changes;
  return {
    number,
    at: minutesAgo(12),
    account: account().id,
    accountLabel: account().label,
    action: "delete_key",
    keyId: "101",
    keyName: "CI/CD Pipeline",
    lastEight: "ab12cd34",
    outcome: "deleted, 401 confirmed",
    requestId: "0f6a1b52-7c1d-4f0e-9a63-0c5d3f1e9b77",
    previousHash: number === 1 ? "" : "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ...changes,
  };
}

const withoutKey = { keyId: null, keyName: null, lastEight: null, requestId: null };

/** A believable history, newest first. */
export function journalRows(now = NOW): JournalRow[] {
  const history: Partial<JournalRow>[] = [
    { at: daysAgo(240, now), action: "sign_in", outcome: "signed in", ...withoutKey },
    {
      at: daysAgo(96, now),
      action: "create_key",
      keyId: "107",
      keyName: "Terraform",
      lastEight: "11c0de77",
      outcome: "created",
    },
    {
      at: daysAgo(96, now),
      action: "store_token",
      keyId: "107",
      keyName: "Terraform",
      lastEight: "11c0de77",
      outcome: "stored elsewhere",
      requestId: null,
    },
    { at: daysAgo(31, now), action: "rename_account", outcome: "now “ops@acme.example”", ...withoutKey },
    {
      at: daysAgo(9, now),
      action: "rotate_key",
      keyId: "107",
      keyName: "Terraform",
      lastEight: "30fa12c9",
      outcome: "rotated, the old token is refused",
    },
    {
      at: daysAgo(9, now),
      action: "keep_token",
      keyId: "107",
      keyName: "Terraform",
      lastEight: "30fa12c9",
      outcome: "kept in the keychain",
      requestId: null,
    },
    {
      at: minutesAgo(25 * 60, now),
      action: "delete_key",
      keyName: "Grafana trial",
      keyId: "106",
      lastEight: "5a5a8812",
      outcome: "not deleted: PulseAPI can’t be reached",
    },
    {
      at: minutesAgo(190, now),
      action: "delete_key",
      keyName: "Grafana trial",
      keyId: "106",
      lastEight: "5a5a8812",
      outcome: "deleted, 401 confirmed",
    },
    {
      at: minutesAgo(44, now),
      action: "replace_credential",
      outcome: "replaced",
      keyName: "Pulse Keys",
      keyId: "100",
      lastEight: "9f04c2d1",
    },
    { at: minutesAgo(12, now), outcome: "gone already" },
  ];
  return history.map((row, place) => journalRow({ number: place + 1, ...row })).reverse();
}

export function manyJournalRows(amount: number, now = NOW): JournalRow[] {
  const actions = ["create_key", "rotate_key", "delete_key", "store_token"];
  return Array.from({ length: amount }, (_, place) =>
    journalRow({
      number: amount - place,
      at: minutesAgo(place * 7, now),
      action: actions[place % actions.length] ?? "delete_key",
      keyId: `m${place % 997}`,
      keyName: `Service ${(place % 997) + 1}`,
      lastEight: ((place * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, "0"),
      outcome: "done",
    }),
  );
}

/** The first page of a short journal. */
export function journal({ rows = journalRows() }: { rows?: JournalRow[] } = {}): JournalPage {
  return { rows, hasMore: false, newest: rows[0]?.number ?? 0 };
}

/** The page of a journal that fits what was asked for, as the app finds it. */
export function journalPage(rows: readonly JournalRow[], request: JournalRequest): JournalPage {
  const { before, limit, action, text, ofKey } = request;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = rows.filter(
    (row) =>
      (before === null || row.number < before) &&
      (action === null || row.action === action) &&
      (ofKey === null || (row.account === ofKey.account && row.keyId === ofKey.key)) &&
      words.every((word) =>
        `${row.keyId ?? ""}\n${row.keyName ?? ""}\n${row.lastEight ?? ""}`.toLowerCase().includes(word),
      ),
  );
  return {
    rows: fitting.slice(0, limit),
    hasMore: fitting.length > limit,
    newest: rows[0]?.number ?? 0,
  };
}

/** A journal in which nothing is wrong, or what a test has changed. */
export function journalVerified(
  rows: readonly JournalRow[] = journalRows(),
  changes: Partial<JournalVerified> = {},
): JournalVerified {
  const counts = new Map<string, number>();
  for (const { action } of rows) counts.set(action, (counts.get(action) ?? 0) + 1);
  return {
    rows: rows.length,
    chain: { kind: "whole" },
    end: { kind: "as_noted", since: daysAgo(240), rowsThen: 0 },
    actions: [...counts].map(([action, of]) => ({ action, rows: of })),
    hasManyAccounts: rows.some(({ accountLabel }) => accountLabel !== rows[0]?.accountLabel),
    ...changes,
  };
}
