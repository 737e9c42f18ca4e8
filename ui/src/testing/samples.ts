/** Believable accounts, keys and errors. Times are relative to `NOW`. */
import type { AccountView, AppState, KeyRow, Preferences, TeamView, UiError } from "../bindings";

const MINUTE = 60_000;

export const DAY = 24 * 60 * MINUTE;

export const NOW = Date.parse("2026-11-22T14:03:00Z");

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
    keys: "endpoints",
    inBrowser: changes.keys === "guided" ? ["create", "rotate", "delete"] : [],
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
    notesInList: false,
    zoom: 100,
    clipboardSeconds: 45,
    strictness: "standard",
    tellOfUpdates: false,
    tellOfSwaps: false,
    keepWatch: false,
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
    notedAt: null,
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
    hint: "Create one that has it under Settings → API Keys.",
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
    message: "You may not create keys for this team.",
    hint: "Choose another one at the top left.",
  },
  other: { code: "other", message: "The server answered with an error (500).", hint: "Nothing was deleted." },
} as const satisfies Record<string, UiError>;
