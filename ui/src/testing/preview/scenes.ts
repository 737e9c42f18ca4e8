/** The states of every screen, as scripts. */
import type { WindowEvent } from "../../bindings";
import type { Script } from "../fakeHost";
import { lastUses } from "../lastUses";
import { looked, recognisedToken, unlistedToken } from "../recognisedSamples";
import { manyJournalRows } from "../journalSamples";
import {
  account,
  appState,
  daysAgo,
  errors,
  hostileKeys,
  keyRow,
  labs,
  manyKeys,
  minutesAgo,
} from "../samples";
import { bulkCard, bulkRow, deleteCard, rotateCard, token } from "../sheetSamples";
import { finding, findingGroups, keyUsage, usageReport } from "../usageSamples";
import { everywhere, searching } from "./usageScenes";
import {
  now,
  never,
  failing,
  withTokens,
  listing,
  keys,
  two,
  cached,
  start,
  withPreferences,
  withJournal,
  hostileJournal,
  deletingMany,
} from "./sceneScripts";

/** What comes to the page from outside, once it has attached. */
let tellWindow: (event: WindowEvent) => void = () => undefined;

export const scenes: Record<string, Script> = {
  start: { first_state: () => start, connect: failing(errors.credential), try_sandbox: never },
  "start-busy": { first_state: () => start, connect: never, try_sandbox: never },
  "start-address": { first_state: () => start, connect: failing(errors.address) },
  "start-other": { first_state: () => start, connect: failing(errors.other) },
  "start-failed": { first_state: failing(errors.other) },
  keychain: {
    first_state: () =>
      appState({ accounts: [], keychain: { kind: "unavailable", problem: errors.keychain } }),
    continue_for_this_session: () => start,
    state: () => appState({ accounts: [], keychain: { kind: "unavailable", problem: errors.keychain } }),
  },
  list: listing(keys),
  teams: listing(
    keys.map((row, place) => (place % 3 === 1 ? { ...row, team: labs } : row)),
    {},
    two,
  ),
  session: listing(keys, {}, { ...two, keychain: { kind: "session_only" } }),
  hostile: listing(hostileKeys(now), {
    delete_card: () =>
      deleteCard({ key: hostileKeys(now)[4] ?? keyRow(), phrase: "dead0040", phraseIsLastEight: true }),
  }),
  many: listing(manyKeys(10_000, now)),
  empty: listing([]),
  loading: listing(keys, { refresh_keys: never }),
  failed: listing(keys, { refresh_keys: failing(errors.offline) }),
  stale: listing(keys, { cached_keys: cached, refresh_keys: failing(errors.offline) }),
  unauthorized: listing(keys, { cached_keys: cached, refresh_keys: failing(errors.unauthorized) }, two),
  notices: listing(keys, {
    reconcile: () => [
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
    delete_card: () =>
      deleteCard({ friction: "type_phrase_strongly", key: keyRow({ lastUsedAt: minutesAgo(12, now) }) }),
    delete_key: never,
  }),
  "card-calm": listing(keys, {
    delete_card: ({ key }) =>
      deleteCard({
        friction: "dialog",
        phrase: null,
        key: keys.find(({ id }) => id === key) ?? keyRow(),
        evidence: "The service has not seen this key used in 211 days.",
      }),
    delete_key: never,
  }),
  "card-own": listing(keys, {
    delete_card: () =>
      deleteCard({
        friction: "own_key",
        phrase: "Pulse Keys",
        key: keys[0] ?? keyRow(),
        evidence: "Pulse Keys signs in with this key.",
        consequence:
          "Deleting it signs this app out of the account. Whatever else uses it gets 401 Unauthorized at once.",
      }),
  }),
  "card-loading": listing(keys, { delete_card: never }),
  "card-error": listing(keys, { delete_card: failing(errors.offline) }),
  "card-failed": listing(keys, {
    delete_card: ({ key }) =>
      deleteCard({ friction: "dialog", phrase: null, key: keys.find(({ id }) => id === key) ?? keyRow() }),
    delete_key: () => ({ kind: "not_deleted", error: errors.rateLimited }),
  }),
  "card-found": listing(keys, searching(keys, { found: everywhere })),
  "card-searching": listing(keys, searching(keys, { found: everywhere.slice(0, 3), isEndless: true })),
  "card-nothing": listing(keys, searching(keys, { found: [] })),
  "bulk-found": listing(keys, {
    ...deletingMany(keys, { kinds: ["deleted"] }),
    ...searching(keys, { found: everywhere, of: "103" }),
  }),
  "rotated-found": listing(keys, searching(keys, { found: everywhere, pace: 100 })),
  journal: withJournal({}),
  "journal-broken": withJournal({ chain: { kind: "broken", at: 7, sound: 6 } }),
  "journal-end-lost": withJournal({
    end: { kind: "lost", losses: [{ rows: 12, left: 10, noticedAt: minutesAgo(20, now) }] },
  }),
  "journal-end-not-checked": withJournal({ end: { kind: "not_checked", why: "locked" } }),
  "journal-empty": withJournal({ of: [] }),
  "journal-long": withJournal({ of: hostileJournal }),
  "journal-many": withJournal({ of: manyJournalRows(20_000, now) }),
  "journal-loading": withJournal({}, { journal_page: never }),
  "journal-failed": withJournal({}, { journal_page: failing(errors.other) }),
  "journal-export-failed": withJournal({}, { export_journal: failing(errors.other) }),
  bulk: listing(keys, deletingMany(keys, { kinds: ["deleted"] })),
  "bulk-mixed": listing(
    keys,
    deletingMany(keys, { kinds: ["deleted", "not_deleted", "gone_already", "deleted", "unknown"] }),
  ),
  "bulk-refused": listing(
    keys,
    deletingMany(keys, {
      kinds: ["deleted", "deleted", "not_deleted", "not_tried"],
      error: errors.unauthorized,
    }),
  ),
  "bulk-many": listing(
    manyKeys(500, now),
    deletingMany(manyKeys(500, now), { kinds: ["deleted"], pauseAfter: 24, pace: 60 }),
  ),
  "bulk-loading": listing(keys, { bulk_card: never }),
  "bulk-failed": listing(keys, { bulk_card: failing(errors.offline) }),
  "bulk-changed": listing(keys, {
    bulk_card: ({ keys: ids }) =>
      bulkCard(keys.filter(({ id }) => ids.includes(id)).map((row) => bulkRow(row, {}, now))),
    delete_keys: ({ keys: ids }) => ({
      kind: "card_changed",
      card: bulkCard(
        keys
          .filter(({ id }) => ids.includes(id))
          .map((row, place) =>
            bulkRow(
              row,
              place === 0
                ? {
                    obstacle: "It was gone already: it had been deleted before.",
                    ticked: false,
                    evidence: "PulseAPI no longer has this key.",
                  }
                : {},
              now,
            ),
          ),
      ),
      message: "“Monitoring Dashboard” was gone already. 3 keys are still ticked.",
    }),
  }),
  "bulk-hostile": listing(
    hostileKeys(now),
    deletingMany(hostileKeys(now), { kinds: ["deleted", "not_deleted"] }),
  ),
  details: withJournal(
    {},
    {
      ...searching(keys, { found: everywhere.slice(0, 3) }),
      usage_last: ({ key }) =>
        usageReport({
          begunAt: daysAgo(3, now),
          endedAt: daysAgo(3, now),
          keys: [
            keyUsage({
              key,
              lastEight: keys.find(({ id }) => id === key)?.lastEight ?? "",
              verdict: "confirmed",
              places: 2,
              words: "Found in 2 places on this machine.",
            }),
          ],
          groups: findingGroups({
            environment: [finding()],
            script: [finding({ shortPath: "~/bin/nightly.sh" })],
          }),
        }),
      copy_labels: () => ({ message: "Copied Terraform …30fa12c9." }),
      last_uses: () => lastUses(23, now),
    },
  ),
  "details-new": withJournal(
    { of: [] },
    { ...searching(keys, { found: [] }), last_uses: () => ({ uses: [] }) },
  ),
  recognise: listing(keys, {
    recognise: (asked) =>
      asked.kind === "text"
        ? looked([recognisedToken()])
        : looked(
            [
              recognisedToken({ line: 12 }),
              recognisedToken({ line: 40, level: "older", alive: false, key: keys[7] ?? keyRow() }),
              recognisedToken({ line: 41, level: "probable", genuine: null, key: keys[0] ?? keyRow() }),
              recognisedToken({ line: 44, level: "mention", genuine: false, key: keys[10] ?? keyRow() }),
              recognisedToken({ line: 52, encoding: "base64", key: keyRow({ name: "x".repeat(300) }) }),
              unlistedToken({ line: 77 }),
            ],
            "deploy.production.env",
          ),
  }),
  "recognise-nothing": listing(keys, { recognise: () => looked([]) }),
  "recognise-failed": listing(keys, { recognise: failing(errors.other) }),
  "recognise-slow": listing(keys, { recognise: never }),
  accounts: listing(keys, {}, two),
  preferences: withPreferences({}),
  "preferences-folders": withPreferences({
    search: {
      roots: ["~", "~/Projects", "/srv/deploy"],
      extra: ["/mnt/team", "/srv/gone", "/srv/root"],
      excluded: ["~/Downloads", "~/Downloads/old", "/opt/elsewhere", "/srv"],
    },
  }),
  "preferences-own": withPreferences({
    strictness: "careful",
    shortcuts: { "keys.create": ["mod+K"], "help.shortcuts": [], "list.refresh": ["mod+R", "F5", "F6"] },
  }),
  "accounts-replace": listing(keys, { replace_credential: failing(errors.credential) }, two),
  "accounts-rename": listing(keys, { rename_account: failing(errors.other) }, two),
  "notices-next": listing(keys, {
    reconcile: () => [
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
    dismiss_notice: () => null,
  }),
  "create-loading": listing(keys, { create_form: never }),
  "create-form-failed": listing(keys, { create_form: failing(errors.offline) }),
  "create-errors": listing(keys, {
    create_key: () => ({ kind: "not_created", errors: [errors.name, errors.abilities, errors.team] }),
  }),
  "create-failed": listing(keys, { create_key: failing(errors.other) }),
  "create-busy": listing(keys, { create_key: never }),
  "create-lost": listing(keys, {
    create_key: () => ({
      kind: "token_lost",
      message:
        "The service created the key, but the connection broke before its token arrived. Nobody has that token: delete the key, then create it again.",
      next: { kind: "delete_key", account: account().id, key: "109" },
    }),
    delete_card: () =>
      deleteCard({
        friction: "dialog",
        phrase: null,
        key: keys.find(({ id }) => id === "109") ?? keyRow(),
        evidence: "The service has never seen this key used.",
      }),
  }),
  "create-teams": listing(keys, {}, two),
  "rotate-busy": listing(keys, { rotate_key: never }),
  "rotate-loading": listing(keys, { rotate_card: never }),
  "rotate-failed": listing(keys, { rotate_key: () => ({ kind: "not_rotated", error: errors.rateLimited }) }),
  "rotate-lost": listing(keys, {
    rotate_key: () => ({
      kind: "token_lost",
      message:
        "The key was rotated, but the connection broke before its new token arrived. The old token is dead. Rotate again to get one.",
      next: { kind: "rotate", account: account().id, key: "101" },
    }),
  }),
  "rotate-changed": listing(keys, {
    rotate_key: ({ key }) => ({
      kind: "card_changed",
      card: rotateCard({
        key: { ...(keys.find(({ id }) => id === key) ?? keyRow()), name: "production master" },
      }),
      message:
        "Nothing was rotated: “production master” changed while the dialog was open. It had another name before.",
    }),
  }),
  "rotate-slow": listing(keys, {
    attach_window: (_, onEvent) => {
      tellWindow = onEvent;
      return null;
    },
    rotate_key: () => {
      tellWindow({ kind: "request_sent" });
      return never();
    },
  }),
  "rotate-trouble": listing(keys, {
    rotate_key: () => ({
      kind: "rotated",
      token: token({ origin: "rotated", oldTokenKnown: true, own: true, name: "Pulse Keys", key: "100" }),
      trouble: {
        code: "keychain",
        message: "Pulse Keys could not put the new token in place of its own.",
        hint: "It goes on with it until the app closes.",
      },
      written: null,
    }),
  }),
  waiting: listing(keys, withTokens([token({ arrivedAt: minutesAgo(18, now) })])),
  "waiting-missing": listing(keys, {
    ...withTokens([token({ arrivedAt: minutesAgo(18, now) })]),
    reveal_token: failing(errors.tokenMissing),
  }),
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
    keep_token: failing(errors.refusedByKeychain),
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
    first_state: () => start,
    reconcile: () => [],
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
    reveal_token: () => "1042|".concat("aB3".repeat(200)),
  }),
  "custody-failed": listing(keys, { custody: failing(errors.keychain) }),
};
