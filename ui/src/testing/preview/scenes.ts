/** The states of every screen, as scripts. */
import type { AppState, KeyRow, UiError } from "../../bindings";
import { HostError } from "../../host/host";
import type { Script } from "../fakeHost";
import {
  account,
  acme,
  appState,
  deleteCard,
  errors,
  hostileKeys,
  keyRow,
  labs,
  manyKeys,
  minutesAgo,
  sampleKeys,
} from "../samples";

const now = Date.now();
const never = () => new Promise<never>(() => undefined);

function failing(error: UiError) {
  return () => Promise.reject(new HostError(error));
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
      return { fetchedAt: new Date().toISOString(), total: rows.length };
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
      },
      {
        id: "2",
        needsAttention: true,
        message:
          "“Terraform” was not deleted: the connection broke before the service acted. It still works.",
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
};
