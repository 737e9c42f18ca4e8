/** What a search of this machine says of the keys in `samples`. */
import type {
  Checklist,
  Finding,
  FindingGroup,
  FindingHeading,
  KeyUsage,
  OpenCards,
  UnseenPlace,
  UsageProgress,
  UsageReport,
  UsageSearched,
} from "../bindings";
import { minutesAgo, account } from "./samples";

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
    partOf: null,
    past: false,
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
    tokens: [],
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
