/** What scenes are made of: hosts that list keys, keep tokens, remember preferences and run deletions. */
import type {
  AppState,
  BulkResult,
  BulkResultKind,
  JournalRow,
  JournalVerified,
  KeyRow,
  Preferences,
  TokenInCustody,
  UiError,
} from "../../bindings";
import { HostError } from "../../host/host";
import type { Script } from "../fakeHost";
import { checkedFolders } from "../searchFolderSamples";
import { journalPage, journalRow, journalRows, journalVerified } from "../journalSamples";
import {
  account,
  acme,
  appState,
  errors,
  hostileKeys,
  keyRow,
  labs,
  minutesAgo,
  preferences,
  sampleKeys,
} from "../samples";
import {
  bulkCard,
  bulkResult,
  bulkRow,
  createForm,
  deleteCard,
  rotateCard,
  token,
  TOKEN_TEXT,
} from "../sheetSamples";

export const now = Date.now();
export const never = () => new Promise<never>(() => undefined);

export function failing(error: UiError) {
  return () => Promise.reject(new HostError(error));
}

/** Custody that remembers what is done with its tokens, and fills by creating and rotating. */
export function withTokens(first: TokenInCustody[], rows: KeyRow[] = []): Script {
  let tokens = first;
  const arrive = (changes: Partial<TokenInCustody>) => {
    const arrived = token({ id: crypto.randomUUID(), arrivedAt: new Date().toISOString(), ...changes });
    tokens = [arrived, ...tokens];
    return arrived;
  };
  const at = () => new Date().toISOString();
  return {
    custody: () => ({ tokens }),
    create_key: async ({ name }) => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      return { kind: "created", token: arrive({ name, key: null }) };
    },
    rotate_key: async ({ key }) => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      const name = rows.find(({ id }) => id === key)?.name ?? "";
      return {
        kind: "rotated",
        token: arrive({ name, key, origin: "rotated", oldTokenKnown: true }),
        trouble: null,
        written: null,
      };
    },
    reveal_token: () => TOKEN_TEXT,
    copy_token: () => ({ message: "Copied. The clipboard is cleared in 45 seconds.", clearsAfter: 45 }),
    test_token: ({ token: id }) => ({
      new: { verdict: "accepted", message: "200: the token works.", at: at() },
      old:
        tokens.find((each) => each.id === id)?.oldTokenKnown === true
          ? { verdict: "refused", message: "401: the old token is refused.", at: at() }
          : null,
    }),
    token_stored: ({ token: id }) => {
      tokens = tokens.filter((each) => each.id !== id);
      return { tokens };
    },
    keep_token: ({ token: id }) => {
      tokens = tokens.map((each) => (each.id === id ? { ...each, state: "kept", place: "keychain" } : each));
      return { tokens };
    },
  };
}

export function listing(rows: KeyRow[], changes: Script = {}, state: AppState = sandbox): Script {
  return {
    first_state: () => state,
    write_preferences: (wanted) => ({ ...state, preferences: wanted }),
    copy_labels: ({ keys: ids }) => ({ message: `Copied name and last 8 of ${ids.length} keys.` }),
    reconcile: () => [],
    cached_keys: ({ account: id }) => ({ account: id, keys: [], fetchedAt: null, incomplete: null }),
    refresh_keys: async (_, onProgress) => {
      for (let from = 0; from < rows.length; from += 100) {
        const keys = rows.slice(from, from + 100);
        onProgress({ keys, loaded: from + keys.length, total: rows.length });
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return {
        fetchedAt: new Date().toISOString(),
        total: rows.length,
        settled: false,
        incomplete: null,
        readTwice: false,
      };
    },
    delete_card: ({ key }) =>
      deleteCard({ key: rows.find(({ id }) => id === key) ?? keyRow(), askedAt: new Date().toISOString() }),
    delete_key: ({ key }) => ({
      kind: "deleted",
      at: new Date().toISOString(),
      verification: "token_refused",
      message: `Deleted “${rows.find(({ id }) => id === key)?.name ?? ""}”. Its token was tried and gets 401.`,
      signedOut: null,
    }),
    create_form: () => createForm(),
    rotate_card: ({ key }) =>
      rotateCard({ key: rows.find(({ id }) => id === key) ?? keyRow(), askedAt: new Date().toISOString() }),
    ...withTokens([], rows),
    switch_account: () => state,
    sign_out: () => ({ kind: "cancelled" }),
    connect: failing(errors.credential),
    open_dashboard: () => null,
    journal_page: (request) => journalPage(journalRows(now), request),
    verify_journal: () => journalVerified(journalRows(now)),
    ...changes,
  };
}

export const keys = sampleKeys(now);
const sandbox = appState({
  accounts: [account({ kind: "sandbox", baseUrl: "http://127.0.0.1:41233/v1", label: "ops@acme.example" })],
});
export const two = appState({
  accounts: [
    account({ teams: [acme, labs] }),
    account({
      id: "2",
      kind: "sandbox",
      label: "sandbox",
      baseUrl: "http://127.0.0.1:41233/v1",
      sessionOnly: true,
    }),
  ],
});
export const cached = ({ account: id }: { account: string }) => ({
  account: id,
  keys,
  fetchedAt: minutesAgo(47, now),
  incomplete: null,
});
export const start = appState({ accounts: [] });

/** Preferences that last for as long as the page does. */
export function withPreferences(first: Partial<Preferences>): Script {
  let chosen = preferences(first);
  const state = () => ({ ...sandbox, preferences: chosen });
  return listing(keys, {
    first_state: state,
    write_preferences: (wanted) => {
      chosen = wanted;
      return state();
    },
    reset_preferences: () => {
      chosen = preferences();
      return state();
    },
    search_folders: () =>
      checkedFolders(chosen.search, { "/mnt/team": "silent", "/srv/gone": "missing", "/srv/root": "denied" }),
    choose_search_folder: () => ({ path: "/home/olga/Projects/next" }),
    watch: () => ({ isLooking: false, lookedAt: null }),
    open_folder: () => null,
  });
}

interface JournalScene extends Partial<JournalVerified> {
  of?: JournalRow[];
}

export function withJournal(
  { of: rows = journalRows(now), ...verified }: JournalScene,
  changes: Script = {},
): Script {
  return listing(keys, {
    journal_page: (request) => journalPage(rows, request),
    verify_journal: () => journalVerified(rows, verified),
    export_journal: ({ format }) => ({
      kind: "saved",
      path: `/home/olga/Documents/pulse-keys-journal.${format}`,
      rows: rows.length,
    }),
    ...changes,
  });
}

/** As if the app had been used with names that somebody else chose. */
export const hostileJournal: JournalRow[] = hostileKeys(now).map((row, place, all) =>
  journalRow({
    number: all.length - place,
    at: minutesAgo(place * 700, now),
    keyId: row.id,
    keyName: row.name,
    lastEight: row.lastEight,
    accountLabel: place % 2 === 0 ? "ops@acme.example" : "a".repeat(120),
    action: place === 2 ? "an_action_that_a_later_version_wrote" : "delete_key",
    outcome: place === 4 ? "not deleted: ".concat("the service said no ".repeat(12)) : "deleted",
  }),
);

interface Rounds {
  /** How each ends, over and over; the run stops before the first that is not tried. */
  kinds: readonly BulkResultKind[];
  error?: UiError;
  /** After how many the service asks for a pause. */
  pauseAfter?: number;
  /** Milliseconds for each. */
  pace?: number;
}

/** Deleting many of `rows`, one after the other, and it can be cancelled. */
export function deletingMany(
  rows: KeyRow[],
  { kinds, error, pauseAfter = Infinity, pace = 400 }: Rounds,
): Script {
  const sleep = (time: number) => new Promise((resolve) => setTimeout(resolve, time));
  const rowOf = (id: string) => rows.find((row) => row.id === id) ?? keyRow({ id });
  let cancelled = false;
  const isCancelled = () => cancelled;
  return {
    bulk_card: async ({ keys: ids }) => {
      await sleep(600);
      return bulkCard(ids.map((id) => bulkRow(rowOf(id), {}, now)));
    },
    cancel_delete_keys: () => {
      cancelled = true;
      return null;
    },
    delete_keys: async ({ keys: ids }, onProgress) => {
      cancelled = false;
      const results: BulkResult[] = [];
      const total = ids.length;
      await sleep(pace);
      for (const [place, id] of ids.entries()) {
        const kind = kinds[place % kinds.length] ?? "deleted";
        if (isCancelled() || kind === "not_tried") break;
        if (place === pauseAfter) {
          const waitingUntil = new Date(Date.now() + 38_000).toISOString();
          onProgress({ total, done: place, current: id, waitingUntil, results: [] });
          for (let spent = 0; spent < 38_000 && !isCancelled(); spent += 200) await sleep(200);
          if (isCancelled()) break;
        }
        onProgress({ total, done: place, current: id, waitingUntil: null, results: [] });
        await sleep(pace);
        const isBad = kind === "not_deleted" || kind === "unknown";
        const result = bulkResult(rowOf(id), kind, isBad ? (error ?? errors.other) : null);
        results.push(result);
        onProgress({ total, done: place + 1, current: null, waitingUntil: null, results: [result] });
      }
      const deleted = results.filter(({ kind }) => kind === "deleted").length;
      const rest = ids.slice(results.length);
      const why = isCancelled() ? null : (error ?? null);
      return {
        kind: "finished",
        results: [...results, ...rest.map((id) => bulkResult(rowOf(id), "not_tried", why))],
        cancelled: isCancelled(),
        message: `${isCancelled() ? "Cancelled. " : ""}Deleted ${deleted} of ${total} keys.${
          rest.length === 0 ? "" : ` ${rest.length} were not tried.`
        }`,
      };
    },
  };
}
