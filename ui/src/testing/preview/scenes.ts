/** The states of every screen, as scripts. */
import type { AppState, JournalRow, JournalView, KeyRow, TokenInCustody, UiError } from "../../bindings";
import { HostError } from "../../host/host";
import type { Script } from "../fakeHost";
import {
  account,
  acme,
  appState,
  createForm,
  deleteCard,
  errors,
  hostileKeys,
  journal,
  journalRow,
  journalRows,
  keyRow,
  labs,
  manyJournalRows,
  manyKeys,
  minutesAgo,
  rotateCard,
  sampleKeys,
  token,
  TOKEN_TEXT,
} from "../samples";

const now = Date.now();
const never = () => new Promise<never>(() => undefined);

function failing(error: UiError) {
  return () => Promise.reject(new HostError(error));
}

/** Custody that remembers what is done with its tokens, and fills by creating and rotating. */
function withTokens(first: TokenInCustody[], rows: KeyRow[] = []): Script {
  let tokens = first;
  const arrive = (changes: Partial<TokenInCustody>) => {
    const arrived = token({ id: crypto.randomUUID(), arrivedAt: new Date().toISOString(), ...changes });
    tokens = [arrived, ...tokens];
    return arrived;
  };
  const at = () => new Date().toISOString();
  return {
    custody_list: () => ({ tokens }),
    key_create: async ({ name }) => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      return { kind: "created", token: arrive({ name, key: null }) };
    },
    key_rotate: async ({ key }) => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      const name = rows.find(({ id }) => id === key)?.name ?? "";
      return {
        kind: "rotated",
        token: arrive({ name, key, origin: "rotated", oldTokenKnown: true }),
        trouble: null,
      };
    },
    token_reveal: () => TOKEN_TEXT,
    token_copy: () => ({ message: "Copied. The clipboard is cleared in 45 seconds.", clearsAfter: 45 }),
    token_test: ({ token: id }) => ({
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
    token_keep: ({ token: id }) => {
      tokens = tokens.map((each) => (each.id === id ? { ...each, state: "kept", place: "keychain" } : each));
      return { tokens };
    },
  };
}

function listing(rows: KeyRow[], changes: Script = {}, state: AppState = sandbox): Script {
  return {
    app_state: () => state,
    outcomes_reconcile: () => [],
    keys_cached: ({ account: id }) => ({ account: id, keys: [], fetchedAt: null }),
    keys_refresh: async (_, onProgress) => {
      for (let from = 0; from < rows.length; from += 100) {
        const keys = rows.slice(from, from + 100);
        onProgress({ keys, loaded: from + keys.length, total: rows.length });
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return { fetchedAt: new Date().toISOString(), total: rows.length, settled: false };
    },
    key_delete_card: ({ key }) =>
      deleteCard({ key: rows.find(({ id }) => id === key) ?? keyRow(), askedAt: new Date().toISOString() }),
    key_delete: ({ key }) => ({
      kind: "deleted",
      at: new Date().toISOString(),
      verification: "token_refused",
      message: `Deleted “${rows.find(({ id }) => id === key)?.name ?? ""}”. Whatever still uses it gets 401 now.`,
      signedOut: null,
    }),
    key_create_form: () => createForm(),
    key_rotate_card: ({ key }) =>
      rotateCard({ key: rows.find(({ id }) => id === key) ?? keyRow(), askedAt: new Date().toISOString() }),
    ...withTokens([], rows),
    account_switch: () => state,
    account_sign_out: () => ({ kind: "cancelled" }),
    account_connect: failing(errors.credential),
    dashboard_open: () => null,
    ...changes,
  };
}

const keys = sampleKeys(now);
const sandbox = appState({
  accounts: [account({ kind: "sandbox", baseUrl: "http://127.0.0.1:41233/v1", label: "ops@acme.example" })],
});
const two = appState({
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
const cached = ({ account: id }: { account: string }) => ({
  account: id,
  keys,
  fetchedAt: minutesAgo(47, now),
});
const start = appState({ accounts: [] });

function withJournal(view: Partial<JournalView>, changes: Script = {}): Script {
  return listing(keys, {
    journal_read: () => journal({ rows: journalRows(now), ...view }),
    journal_export: ({ format }) => ({
      kind: "saved",
      path: `/home/olga/Documents/pulse-keys-journal.${format}`,
      rows: view.rows?.length ?? 10,
    }),
    ...changes,
  });
}

/** As if the app had been used with names that somebody else chose. */
const hostileJournal: JournalRow[] = hostileKeys(now).map((row, place, all) =>
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

export const scenes: Record<string, Script> = {
  start: { app_state: () => start, account_connect: failing(errors.credential), account_try_sandbox: never },
  "start-busy": { app_state: () => start, account_connect: never, account_try_sandbox: never },
  "start-address": { app_state: () => start, account_connect: failing(errors.address) },
  "start-other": { app_state: () => start, account_connect: failing(errors.other) },
  "start-failed": { app_state: failing(errors.other) },
  keychain: {
    app_state: () => appState({ accounts: [], keychain: { kind: "unavailable", problem: errors.keychain } }),
    keychain_session_only: () => start,
    keychain_retry: () =>
      appState({ accounts: [], keychain: { kind: "unavailable", problem: errors.keychain } }),
  },
  list: listing(keys),
  teams: listing(
    keys.map((row, place) => (place % 3 === 1 ? { ...row, team: labs } : row)),
    {},
    two,
  ),
  session: listing(keys, {}, { ...two, keychain: { kind: "session_only" } }),
  hostile: listing(hostileKeys(now), {
    key_delete_card: () =>
      deleteCard({ key: hostileKeys(now)[4] ?? keyRow(), phrase: "dead0040", phraseIsLastEight: true }),
  }),
  many: listing(manyKeys(10_000, now)),
  empty: listing([]),
  loading: listing(keys, { keys_refresh: never }),
  failed: listing(keys, { keys_refresh: failing(errors.offline) }),
  stale: listing(keys, { keys_cached: cached, keys_refresh: failing(errors.offline) }),
  unauthorized: listing(keys, { keys_cached: cached, keys_refresh: failing(errors.unauthorized) }, two),
  notices: listing(keys, {
    outcomes_reconcile: () => [
      {
        id: "1",
        needsAttention: false,
        message: "“Grafana trial” was deleted on 22 Nov 2026, as the service now confirms.",
        next: null,
      },
      {
        id: "2",
        needsAttention: true,
        message:
          "“Terraform” was not deleted: the connection broke before the service acted. It still works.",
        next: null,
      },
    ],
  }),
  "card-strong": listing(keys, {
    key_delete_card: () =>
      deleteCard({ friction: "type_phrase_strongly", key: keyRow({ lastUsedAt: minutesAgo(12, now) }) }),
    key_delete: never,
  }),
  "card-calm": listing(keys, {
    key_delete_card: ({ key }) =>
      deleteCard({
        friction: "dialog",
        phrase: null,
        key: keys.find(({ id }) => id === key) ?? keyRow(),
        evidence: "The service has not seen this key used in 211 days.",
      }),
    key_delete: never,
  }),
  "card-own": listing(keys, {
    key_delete_card: () =>
      deleteCard({
        friction: "own_key",
        phrase: "Pulse Keys",
        key: keys[0] ?? keyRow(),
        evidence: "Pulse Keys signs in with this key.",
        consequence:
          "Deleting it signs this app out of the account. Whatever else uses it gets 401 Unauthorized at once.",
      }),
  }),
  "card-loading": listing(keys, { key_delete_card: never }),
  "card-error": listing(keys, { key_delete_card: failing(errors.offline) }),
  "card-failed": listing(keys, {
    key_delete_card: ({ key }) =>
      deleteCard({ friction: "dialog", phrase: null, key: keys.find(({ id }) => id === key) ?? keyRow() }),
    key_delete: () => ({ kind: "not_deleted", error: errors.rateLimited }),
  }),
  journal: withJournal({}),
  "journal-broken": withJournal({ chain: { kind: "broken", at: 7 } }),
  "journal-empty": withJournal({ rows: [] }),
  "journal-long": withJournal({ rows: hostileJournal }),
  "journal-many": withJournal({ rows: manyJournalRows(20_000, now) }),
  "journal-loading": withJournal({}, { journal_read: never }),
  "journal-failed": withJournal({}, { journal_read: failing(errors.other) }),
  "journal-export-failed": withJournal({}, { journal_export: failing(errors.other) }),
  accounts: listing(keys, {}, two),
  "accounts-replace": listing(keys, { account_replace_credential: failing(errors.credential) }, two),
  "accounts-rename": listing(keys, { account_rename: failing(errors.other) }, two),
  "notices-next": listing(keys, {
    outcomes_reconcile: () => [
      {
        id: "1",
        needsAttention: true,
        message:
          "“Terraform” was rotated, but its new token got lost on the way. The old one no longer works.",
        next: { kind: "rotate", account: account().id, key: "107" },
      },
      {
        id: "2",
        needsAttention: true,
        message: "“Nightly report” was created, but its token got lost on the way. Nobody has it.",
        next: { kind: "delete_key", account: account().id, key: "109" },
      },
      {
        id: "3",
        needsAttention: true,
        message: "This app’s own key was rotated, but its new token got lost on the way.",
        next: { kind: "replace_credential", account: account().id },
      },
      { id: "4", needsAttention: false, message: "“Grafana trial” was deleted.", next: null },
    ],
    notice_dismiss: () => null,
  }),
  "create-loading": listing(keys, { key_create_form: never }),
  "create-form-failed": listing(keys, { key_create_form: failing(errors.offline) }),
  "create-errors": listing(keys, {
    key_create: () => ({ kind: "not_created", errors: [errors.name, errors.abilities, errors.team] }),
  }),
  "create-failed": listing(keys, { key_create: failing(errors.other) }),
  "create-busy": listing(keys, { key_create: never }),
  "create-lost": listing(keys, {
    key_create: () => ({
      kind: "token_lost",
      message:
        "The service made the key, but the connection broke before its token arrived. Nobody has that token: delete the key, then create it again.",
      next: { kind: "delete_key", account: account().id, key: "109" },
    }),
    key_delete_card: () =>
      deleteCard({
        friction: "dialog",
        phrase: null,
        key: keys.find(({ id }) => id === "109") ?? keyRow(),
        evidence: "The service has never seen this key used.",
      }),
  }),
  "create-teams": listing(keys, {}, two),
  "rotate-busy": listing(keys, { key_rotate: never }),
  "rotate-loading": listing(keys, { key_rotate_card: never }),
  "rotate-failed": listing(keys, { key_rotate: () => ({ kind: "not_rotated", error: errors.rateLimited }) }),
  "rotate-lost": listing(keys, {
    key_rotate: () => ({
      kind: "token_lost",
      message:
        "The key was rotated, but the connection broke before its new token arrived. The old token is dead. Rotate again to get one.",
      next: { kind: "rotate", account: account().id, key: "101" },
    }),
  }),
  "rotate-trouble": listing(keys, {
    key_rotate: () => ({
      kind: "rotated",
      token: token({ origin: "rotated", oldTokenKnown: true, own: true, name: "Pulse Keys", key: "100" }),
      trouble: {
        code: "keychain",
        message: "Pulse Keys could not put the new token in place of its own.",
        hint: "It goes on with it until the app closes.",
      },
    }),
  }),
  waiting: listing(keys, withTokens([token({ arrivedAt: minutesAgo(18, now) })])),
  "waiting-several": listing(
    keys,
    withTokens([
      token({ id: "a", arrivedAt: minutesAgo(18, now) }),
      token({
        id: "b",
        key: "107",
        name: "Terraform",
        lastEight: "30fa12c9",
        arrivedAt: minutesAgo(55, now),
      }),
      token({
        id: "c",
        key: "103",
        name: "Monitoring Dashboard",
        lastEight: "04d5e6f7",
        arrivedAt: minutesAgo(4000, now),
        state: "kept",
      }),
    ]),
  ),
  "waiting-in-memory": listing(keys, {
    ...withTokens([
      token({ place: "memory", trouble: errors.refusedByKeychain, arrivedAt: minutesAgo(0, now) }),
    ]),
    token_keep: failing(errors.refusedByKeychain),
  }),
  "waiting-own": listing(
    keys,
    withTokens([
      token({
        key: "100",
        name: "Pulse Keys",
        lastEight: "9f04c2d1",
        origin: "rotated",
        own: true,
        oldTokenKnown: true,
        arrivedAt: minutesAgo(1, now),
      }),
    ]),
  ),
  "waiting-signed-out": {
    app_state: () => start,
    outcomes_reconcile: () => [],
    ...withTokens([token({ arrivedAt: minutesAgo(300, now) })]),
  },
  "waiting-hostile": listing(keys, {
    ...withTokens([
      token({
        name: "x".repeat(300),
        masked: `1042|${"•".repeat(200)}ab12cd34`,
        accountLabel: "a".repeat(120),
        envMasked: `PULSEAPI_TOKEN=1042|${"•".repeat(200)}ab12cd34`,
      }),
    ]),
    token_reveal: () => "1042|".concat("aB3".repeat(200)),
  }),
  "custody-failed": listing(keys, { custody_list: failing(errors.keychain) }),
};
