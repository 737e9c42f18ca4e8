/** Believable accounts, keys and answers. Times are relative to `NOW`. */
import type {
  AccountView,
  AppState,
  BulkCard,
  BulkResult,
  BulkResultKind,
  BulkRow,
  Checklist,
  CreateForm,
  DeleteCard,
  Finding,
  FindingGroup,
  FindingHeading,
  JournalPage,
  JournalRequest,
  JournalRow,
  JournalVerified,
  KeyRow,
  KeyUsage,
  OpenCards,
  Preferences,
  RotateCard,
  TeamView,
  TokenInCustody,
  UiError,
  UnseenPlace,
  UsageProgress,
  UsageReport,
  UsageSearched,
} from "../bindings";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const NOW = Date.parse("2026-11-22T14:03:00Z");

export const minutesAgo = (minutes: number, now = NOW) => new Date(now - minutes * MINUTE).toISOString();
export const daysAgo = (days: number, now = NOW) => new Date(now - days * DAY).toISOString();

export const acme: TeamView = { id: "1", name: "Acme Ops", role: "owner" };
export const labs: TeamView = { id: "2", name: "Acme Labs", role: "member" };

export function account(changes: Partial<AccountView> = {}): AccountView {
  return {
    id: "6f1d7c1e-0000-4000-8000-000000000001",
    label: "ops@acme.example",
    baseUrl: "https://api.pulseapi.io/v1",
    kind: "pulseapi",
    userName: "Olga Ops",
    userEmail: "ops@acme.example",
    plan: "professional",
    teams: [acme],
    currentTeam: "1",
    sessionOnly: false,
    ...changes,
  };
}

export function appState(changes: Partial<AppState> = {}): AppState {
  const accounts = changes.accounts ?? [account()];
  return {
    accounts,
    active: accounts[0]?.id ?? null,
    keychain: { kind: "ready" },
    beginsInSandbox: false,
    documentedBaseUrl: "https://api.pulseapi.io/v1",
    version: "0.1.0",
    preferences: preferences(),
    places: [
      { title: "Settings and accounts", path: "/home/olga/.config/pulse-keys", folder: "config" },
      { title: "List cache and journal", path: "/home/olga/.local/share/pulse-keys", folder: "data" },
      { title: "Credentials and tokens", path: "keychain entries “io.pulsekeys.desktop”", folder: null },
    ],
    ...changes,
  };
}

export function preferences(changes: Partial<Preferences> = {}): Preferences {
  return {
    theme: "system",
    contrast: "system",
    motion: "system",
    density: "comfortable",
    zoom: 100,
    clipboardSeconds: 45,
    strictness: "standard",
    tellOfUpdates: false,
    updatesAddress: "https://pulsekeys.io/releases/latest.json",
    shortcuts: {},
    lists: {},
    search: { roots: ["/home/olga"], extra: [], excluded: [] },
    ...changes,
  };
}

export function keyRow(changes: Partial<KeyRow> = {}): KeyRow {
  return {
    id: "101",
    name: "CI/CD Pipeline",
    lastEight: "ab12cd34",
    abilities: ["monitors:write", "checks:run", "incidents:read"],
    team: acme,
    lastUsedAt: minutesAgo(12),
    lastUseKnown: true,
    createdAt: "2025-01-14T09:00:00Z",
    rotatedAt: null,
    rotationKnown: true,
    own: false,
    ...changes,
  };
}

export function sampleKeys(now = NOW): KeyRow[] {
  const own = keyRow({
    id: "100",
    name: "Pulse Keys",
    lastEight: "9f04c2d1",
    abilities: ["api-keys:manage"],
    lastUsedAt: minutesAgo(0, now),
    createdAt: "2026-03-03T09:00:00Z",
    own: true,
  });
  const rest: [string, string, string[], string | null, string][] = [
    ["Zapier Integration", "77e0b1aa", ["incidents:read"], daysAgo(3, now), "2025-02-02T09:00:00Z"],
    [
      "Monitoring Dashboard",
      "04d5e6f7",
      ["monitors:read", "incidents:read"],
      daysAgo(26, now),
      "2024-08-09T09:00:00Z",
    ],
    ["status-page export", "c0ffee42", ["monitors:read"], daysAgo(104, now), "2023-11-30T09:00:00Z"],
    ["old laptop script", "1b2d90ee", ["*"], daysAgo(211, now), "2023-06-17T09:00:00Z"],
    ["Grafana trial", "5a5a8812", ["monitors:read"], null, "2026-11-01T09:00:00Z"],
    [
      "Slack alerts relay",
      "e41c77b0",
      ["alerts:read", "alerts:write"],
      minutesAgo(190, now),
      "2025-09-21T09:00:00Z",
    ],
    [
      "Terraform",
      "30fa12c9",
      ["monitors:read", "monitors:write", "alerts:write", "team:read"],
      daysAgo(9, now),
      "2024-02-12T09:00:00Z",
    ],
    ["Nightly report", "8812d0aa", ["incidents:read"], daysAgo(1, now), "2025-05-04T09:00:00Z"],
    ["Контроль доступности", "d00d1e55", ["monitors:read"], daysAgo(48, now), "2024-12-01T09:00:00Z"],
    ["", "f00baa77", [], null, "2022-01-19T09:00:00Z"],
  ];
  return [
    own,
    keyRow({ lastUsedAt: minutesAgo(12, now) }),
    ...rest.map(([name, lastEight, abilities, lastUsedAt, createdAt], place) =>
      keyRow({ id: String(102 + place), name, lastEight, abilities, lastUsedAt, createdAt }),
    ),
  ];
}

const hostileNames = [
  '<img src=x onerror="document.title=1"><b>bold</b>',
  "admin\u202Egnp.exe\u202C trailing",
  "👩‍👩‍👧‍👦 family 🏳️‍🌈 flags 🇩🇪🇫🇷",
  "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
  "x".repeat(300),
  "مفتاح الإنتاج الرئيسي",
  "",
  "{{constructor.constructor('alert(1)')()}} ${7*7} %s %n",
  "line one\nline two\ttabbed\u0000null",
];

export function hostileKeys(now = NOW): KeyRow[] {
  return hostileNames.map((name, place) =>
    keyRow({
      id: `h${place}`,
      name,
      lastEight: `dead00${place}0`,
      abilities: place === 0 ? ["<script>alert(1)</script>", "x".repeat(200)] : ["monitors:read"],
      lastUsedAt: daysAgo(place, now),
    }),
  );
}

export function manyKeys(amount: number, now = NOW): KeyRow[] {
  return Array.from({ length: amount }, (_, place) =>
    keyRow({
      id: `m${place}`,
      name: `Service ${place + 1}`,
      lastEight: ((place * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, "0"),
      lastUsedAt: place % 7 === 0 ? null : minutesAgo(place * 13, now),
      createdAt: daysAgo(place / 10, now),
    }),
  );
}

export function keyUsage(changes: Partial<KeyUsage> = {}): KeyUsage {
  return {
    key: "101",
    lastEight: "ab12cd34",
    verdict: "not_searched",
    places: 0,
    possiblePlaces: 0,
    words: "This machine was not searched.",
    usedBySomethingUnseen: false,
    ...changes,
  };
}

/** What a search says that came to its end and found nothing. */
export const nothingFound: Partial<KeyUsage> = {
  verdict: "nothing_found",
  words: "Nothing found in the places searched.",
};

const headings: [FindingHeading, string][] = [
  ["environment", "Application environment variables"],
  ["ci", "CI/CD pipeline secrets"],
  ["integration", "Third-party integrations"],
  ["script", "Automation scripts"],
  ["elsewhere", "Elsewhere"],
];

export function finding(changes: Partial<Finding> = {}): Finding {
  const { shortPath = "~/code/shop/.env" } = changes;
  return {
    id: shortPath,
    key: "101",
    level: "this_key",
    live: !["hint", "unlisted", "older"].includes(changes.level ?? "this_key"),
    kind: "file",
    path: shortPath.replace("~", "/home/olga"),
    shortPath,
    inside: null,
    line: 4,
    variable: "PULSEAPI_TOKEN",
    encoding: "raw",
    mask: "101|••••ab12cd34",
    times: 1,
    predatesKey: false,
    process: null,
    actions: ["open", "show", "copy_path"],
    ...changes,
  };
}

/** The headings in their order, those that nothing is given for empty. */
export function findingGroups(found: Partial<Record<FindingHeading, Finding[]>> = {}): FindingGroup[] {
  return headings.map(([heading, title]) => {
    const findings = found[heading] ?? [];
    const count = findings.filter(({ live }) => live).length;
    return { heading, title, count, findings, more: 0 };
  });
}

export function usageReport(changes: Partial<UsageReport> = {}): UsageReport {
  const ended = changes.state !== "running";
  return {
    account: account().id,
    tier: "folders",
    state: "finished",
    begunAt: minutesAgo(0),
    endedAt: ended ? minutesAgo(0) : null,
    milliseconds: 2100,
    read: { files: 48_210, bytes: 1_400_000_000, folders: 5210, objects: 120_000 },
    keys: [keyUsage(nothingFound)],
    groups: findingGroups(),
    skipped: [],
    incomplete: false,
    brokeOff: null,
    message: "Nothing found in the places searched.",
    ...changes,
  };
}

/** The end of a search, with the cards that are open beside it. */
export function usageSearched(
  report: Partial<UsageReport> = {},
  cards: Partial<OpenCards> = {},
): UsageSearched {
  return { report: usageReport(report), cards: { one: null, many: [], ...cards } };
}

/** What a search tells on its way. */
export function usageProgress(
  report: UsageReport,
  folder = "",
  cards: Partial<OpenCards> = {},
): UsageProgress {
  return { report, folder, cards: { one: null, many: [], ...cards } };
}

const unseen: [UnseenPlace, string, string][] = [
  [
    "automation_services",
    "Zapier, Make and other services",
    "Look at the connections and the steps that call PulseAPI.",
  ],
  [
    "remote_ci",
    "Secrets of hosted CI/CD",
    "Look at the secrets of repositories, organisations and environments, at GitHub or GitLab for example.",
  ],
  [
    "hosting",
    "Variables where your applications run",
    "Look at the environment settings of each host, container platform and cloud function.",
  ],
  [
    "other_machines",
    "Other machines and servers",
    "Search there too, for the last 8 characters of the token.",
  ],
  ["other_people", "Other people", "Ask those who may have been given the token."],
];

/** With those ticked that have a time. */
export function checklist(ticked: Partial<Record<UnseenPlace, string | null>> = {}): Checklist {
  return {
    items: unseen.map(([place, title, hint]) => ({ place, title, hint, tickedAt: ticked[place] ?? null })),
  };
}

export function deleteCard(changes: Partial<DeleteCard> = {}): DeleteCard {
  return {
    number: 1,
    key: keyRow(),
    friction: "type_phrase",
    phrase: "CI/CD Pipeline",
    phraseIsLastEight: false,
    evidence: "Something used this key 12 minutes ago.",
    usage: keyUsage(nothingFound),
    consequence: "Whatever still uses it gets 401 Unauthorized the moment it is deleted. There is no undo.",
    askedAt: minutesAgo(0),
    ...changes,
  };
}

/** As core judges it: used within a day is very risky, within a week risky; the app's own key is left out. */
export function bulkRow(key: KeyRow, changes: Partial<BulkRow> = {}, now = NOW): BulkRow {
  const idle = key.lastUsedAt === null ? Infinity : (now - Date.parse(key.lastUsedAt)) / DAY;
  const risky = idle < 7;
  const ago = idle < 1 ? "less than a day ago" : `${Math.floor(idle)} days ago`;
  return {
    number: 1,
    key,
    friction: idle < 1 ? "type_phrase_strongly" : risky ? "type_phrase" : "dialog",
    risky,
    evidence:
      key.lastUsedAt === null ? "PulseAPI has never seen this key used." : `Something used this key ${ago}.`,
    usage: keyUsage({ key: key.id, lastEight: key.lastEight, ...nothingFound }),
    ticked: !risky && !key.own,
    obstacle: key.own ? "Pulse Keys signs in with it; delete it by itself." : null,
    ...changes,
  };
}

export function bulkCard(rows: readonly BulkRow[], changes: Partial<BulkCard> = {}): BulkCard {
  return {
    rows: [...rows],
    consequence:
      "Whatever still uses one of them gets 401 Unauthorized the moment it is deleted. There is no undo.",
    askedAt: minutesAgo(0),
    ...changes,
  };
}

const told: Record<BulkResultKind, Partial<BulkResult>> = {
  deleted: {
    message: "Deleted 22 Nov 2026 14:03:22 UTC: its token gets 401.",
    at: "2026-11-22T14:03:22Z",
    verification: "token_refused",
  },
  gone_already: { message: "It was gone already." },
  changed: { message: "Left alone. It was called “CI” before." },
  not_deleted: { message: "The server answered with an error (500)." },
  unknown: { message: "The connection broke before the answer came." },
  not_tried: { message: "Not tried: cancelled before its turn." },
};

export function bulkResult(
  { id, name, lastEight }: KeyRow,
  kind: BulkResultKind,
  error: UiError | null = null,
): BulkResult {
  return {
    key: id,
    name,
    lastEight,
    kind,
    message: error?.message ?? "",
    at: null,
    verification: null,
    ...(error === null ? told[kind] : {}),
    error,
  };
}

export function createForm(changes: Partial<CreateForm> = {}): CreateForm {
  return {
    groups: [
      {
        title: "Monitors",
        abilities: [
          { name: "monitors:read", meaning: "See monitors and their check history" },
          { name: "monitors:write", meaning: "Create, change and delete monitors" },
        ],
      },
      { title: "Checks", abilities: [{ name: "checks:run", meaning: "Trigger a check by hand" }] },
      { title: "Incidents", abilities: [{ name: "incidents:read", meaning: "See incidents" }] },
      {
        title: "Alerts",
        abilities: [
          { name: "alerts:read", meaning: "See alert rules and notification channels" },
          { name: "alerts:write", meaning: "Change alert rules and notification channels" },
        ],
      },
      {
        title: "Team",
        abilities: [
          { name: "team:read", meaning: "See team members and projects" },
          { name: "team:write", meaning: "Invite, change and remove team members" },
        ],
      },
      {
        title: "API keys",
        abilities: [{ name: "api-keys:manage", meaning: "List, create, rotate and delete API keys" }],
      },
    ],
    presets: [
      {
        title: "Read-only dashboard",
        abilities: ["monitors:read", "incidents:read", "alerts:read"],
        warning: null,
      },
      { title: "CI", abilities: ["monitors:read", "checks:run"], warning: null },
      {
        title: "Full access",
        abilities: ["*"],
        warning: "Whoever has this token can do everything, deleting your other keys included.",
      },
    ],
    longestName: 255,
    ...changes,
  };
}

export function rotateCard(changes: Partial<RotateCard> = {}): RotateCard {
  return {
    key: keyRow(),
    evidence: "Something used this key 12 minutes ago.",
    reasons: [
      {
        reason: "leaked",
        label: "The token leaked",
        consequence:
          "The old token stops at once: whoever has it gets 401 Unauthorized, and so does everything of yours that still uses it.",
      },
      {
        reason: "routine",
        label: "It is time to",
        consequence:
          "The old token stops at once. Have the places that use it at hand: they get 401 Unauthorized until they have the new one.",
      },
      {
        reason: "lost_token",
        label: "The token is lost",
        consequence:
          "The key gets a new token; its name and abilities stay. The old token stops at once, wherever it is.",
      },
    ],
    askedAt: minutesAgo(0),
    ...changes,
  };
}

/** The text of the sample token: what must not be in the page before it is revealed. */
export const TOKEN_TEXT = "1042|pk_V7qDm2xJ0tRz8LwKc5YhNfBs3GaPeU9iTo6MvX1dab12cd34";

export function token(changes: Partial<TokenInCustody> = {}): TokenInCustody {
  return {
    id: "c0570d1e-0000-4000-8000-000000000001",
    account: account().id,
    accountLabel: account().label,
    key: "101",
    name: "CI/CD Pipeline",
    lastEight: "ab12cd34",
    masked: "1042|••••••••ab12cd34",
    origin: "created",
    arrivedAt: minutesAgo(0),
    state: "waiting",
    place: "keychain",
    trouble: null,
    own: false,
    oldTokenKnown: false,
    curl: 'curl -H "Authorization: Bearer $PULSEAPI_TOKEN" -H "Accept: application/json" https://api.pulseapi.io/v1/user',
    envMasked: "PULSEAPI_TOKEN=1042|••••••••ab12cd34",
    ...changes,
  };
}

export const errors = {
  address: {
    code: "address",
    message: "Nothing at this address speaks the PulseAPI API.",
    hint: "The usual one is https://api.pulseapi.io/v1.",
  },
  offline: {
    code: "offline",
    message: "PulseAPI can’t be reached.",
    hint: "Check the network, then try again.",
  },
  credential: {
    code: "credential",
    message: "This key lacks the ability api-keys:manage.",
    hint: "Make one that has it under Settings → API Keys.",
  },
  unauthorized: {
    code: "unauthorized",
    message: "PulseAPI no longer accepts this account’s key.",
    hint: "Sign in again with a new one.",
  },
  rateLimited: {
    code: "rate_limited",
    message: "PulseAPI asks for a pause until 14:05:00.",
    hint: "Try again after that.",
  },
  keychain: {
    code: "keychain",
    message: "No keychain service answers on this computer.",
    hint: "Install gnome-keyring (or KeePassXC with its secret service on) and sign in to the desktop again.",
  },
  refusedByKeychain: {
    code: "keychain",
    message: "The keychain is locked, and unlocking it was declined.",
    hint: "Unlock it, then press Keep in keychain.",
  },
  tokenMissing: {
    code: "token_missing",
    message: "The keychain has no token of “CI/CD Pipeline” now, though it was stored there.",
    hint: "Check that your usual keychain is the one in use and unlocked, then try again.",
  },
  name: { code: "name", message: "The service takes no slashes in names.", hint: "Leave them out." },
  abilities: { code: "abilities", message: "An ability is no longer offered.", hint: "Choose again." },
  team: {
    code: "team",
    message: "You may not make keys for this team.",
    hint: "Choose another one at the top left.",
  },
  other: { code: "other", message: "The server answered with an error (500).", hint: "Nothing was deleted." },
} as const satisfies Record<string, UiError>;

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
