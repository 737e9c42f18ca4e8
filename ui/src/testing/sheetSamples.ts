/** What core answers to the sheets: cards, results, and tokens. */
import type {
  BulkCard,
  BulkResult,
  BulkResultKind,
  BulkRow,
  CreateForm,
  DeleteCard,
  KeyRow,
  RotateCard,
  TokenInCustody,
  UiError,
} from "../bindings";
import { DAY, NOW, minutesAgo, account, keyRow } from "./samples";
import { keyUsage, nothingFound } from "./usageSamples";

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
