/** Searches of this machine as scripts: they take their time, can be stopped, and cards follow what they found. */
import type { ChecklistItem, Finding, FindingHeading, KeyRow, KeyUsage, UsageReport } from "../../bindings";
import type { Script } from "../fakeHost";
import { keyRow } from "../samples";
import { bulkCard, bulkRow, deleteCard } from "../sheetSamples";
import {
  checklist,
  finding,
  findingGroups,
  keyUsage,
  nothingFound,
  usageProgress,
  usageReport,
  usageSearched,
} from "../usageSamples";

type Found = [FindingHeading, Finding][];

const file = (shortPath: string, changes: Partial<Finding> = {}) => finding({ shortPath, ...changes });

/** In every form that a finding has. */
export const everywhere: Found = [
  ["environment", file("~/code/shop/.env", { line: 4 })],
  [
    "environment",
    file("/proc/4711/environ", { kind: "process", process: "node, process 4711", line: null, actions: [] }),
  ],
  [
    "ci",
    file("~/code/shop/.github/workflows/pulse-checks.yml", { line: 11, level: "probable", variable: null }),
  ],
  ["script", file("~/bin/nightly.sh", { line: 3, level: "mention", variable: "TOKEN", times: 3 })],
  [
    "elsewhere",
    file("~/code/infrastructure/clusters/production/europe/monitoring/overlays/pulse/secret.yaml", {
      line: 9,
      variable: "PULSEAPI_TOKEN_OF_THE_STATUS_PAGE_EXPORTER",
      encoding: "base64",
      predatesKey: true,
    }),
  ],
  [
    "elsewhere",
    file("~/code/shop/.git", {
      id: "git",
      kind: "git",
      line: null,
      variable: "PULSEAPI_TOKEN",
      actions: ["show", "copy_path"],
    }),
  ],
  [
    "elsewhere",
    file("~/Downloads/backup-2025.tar.gz", {
      kind: "archive",
      inside: "shop/.env.production",
      line: 4,
      actions: ["show", "copy_path"],
    }),
  ],
  ["environment", file("~/code/shop/.env.old", { line: 2, level: "older", mask: "101|••••00dead11" })],
  ["integration", file("~/.n8n/config", { level: "hint", mask: "", key: null, variable: "PULSEAPI_KEY" })],
];

interface Search {
  found: Found;
  /** Which key alone they hold; none for all that are searched for. */
  of?: KeyRow["id"];
  /** Milliseconds between two findings. */
  pace?: number;
  /** Never comes to its end by itself. */
  isEndless?: boolean;
  last?: UsageReport | null;
}

const sleep = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

function usageFrom(found: Found, state: UsageReport["state"], { id, lastEight }: KeyRow): KeyUsage {
  const places = found.filter(([, { level }]) => level === "this_key").length;
  const possiblePlaces = found.filter(([, { level }]) => level === "probable" || level === "mention").length;
  const running = state === "running" ? " The search is still running." : "";
  const words =
    places > 0
      ? `Found in ${places} places on this machine${possiblePlaces > 0 ? `, and possibly in ${possiblePlaces} more` : ""}.${running}`
      : possiblePlaces > 0
        ? `Possibly found in ${possiblePlaces} places on this machine.${running}`
        : state === "running"
          ? "Nothing found so far; the search is still running."
          : state === "stopped"
            ? "Nothing found before the search was stopped."
            : (nothingFound.words ?? "");
  const verdict = places > 0 ? "confirmed" : possiblePlaces > 0 ? "possible" : "nothing_found";
  return keyUsage({ key: id, lastEight, verdict, places, possiblePlaces, words });
}

function reportFrom(
  found: Found,
  state: UsageReport["state"],
  rows: readonly KeyRow[],
  files: number,
  of?: KeyRow["id"],
) {
  const groups: Partial<Record<FindingHeading, Finding[]>> = {};
  for (const [heading, each] of found) groups[heading] = [...(groups[heading] ?? []), each];
  const now = new Date().toISOString();
  return usageReport({
    state,
    begunAt: now,
    endedAt: state === "running" ? null : now,
    read: { files, bytes: files * 30_000, folders: files / 9, objects: 0 },
    keys: rows.map((row) => usageFrom(of === undefined || of === row.id ? found : [], state, row)),
    groups: findingGroups(groups),
    skipped:
      state === "running"
        ? []
        : [
            {
              words: "3 folders that you may not read",
              count: 3,
              examples: ["/home/olga/.cache/root", "/home/olga/srv/lost+found", "/home/olga/vault"],
              isGap: true,
            },
            {
              words: "1 encrypted file",
              count: 1,
              examples: ["/home/olga/.password-store/pulse.gpg"],
              isGap: true,
            },
            {
              words: "214 folders of what was downloaded or built (node_modules)",
              count: 214,
              examples: ["/home/olga/code/shop/node_modules"],
              isGap: false,
            },
          ],
    incomplete: true,
  });
}

/** A search that finds these one after the other, and a delete card that knows them. */
export function searching(
  rows: KeyRow[],
  { found, of, pace = 500, isEndless = false, last = null }: Search,
): Script {
  let seen: Found = [];
  let kept = last;
  let isStopped = false;
  const wasStopped = () => isStopped;
  let ticked: Record<string, string | null> = {};
  const rowOf = (id: string) => rows.find((row) => row.id === id) ?? keyRow({ id });
  let number = 0;
  const cardOf = (key: string) => {
    const row = rowOf(key);
    const usage = usageFrom(seen, "finished", row);
    const isFound = usage.verdict === "confirmed" || usage.verdict === "possible";
    return deleteCard({
      number: (number += 1),
      key: row,
      usage,
      friction:
        usage.verdict === "confirmed" ? "type_phrase_strongly" : isFound ? "type_phrase" : "spelled_out",
      phrase: isFound ? row.name : null,
      evidence: "Something used this key 26 days ago.",
      askedAt: new Date().toISOString(),
    });
  };
  const bulkRowOf = (id: string) => {
    const row = rowOf(id);
    const usage = usageFrom(of === undefined || of === id ? seen : [], "finished", row);
    const isFound = usage.verdict !== "nothing_found";
    const calm = bulkRow(row, { number: (number += 1), usage }, Date.now());
    return isFound
      ? { ...calm, risky: true, ticked: false, friction: "type_phrase_strongly" as const }
      : calm;
  };
  /** What a search does to the cards that are open. */
  const cardsOf = ([only, ...others]: readonly string[]) =>
    only !== undefined && others.length === 0
      ? { one: cardOf(only) }
      : { many: [only, ...others].filter((id) => id !== undefined).map(bulkRowOf) };
  return {
    usage_last: () => kept,
    usage_cancel: () => {
      isStopped = true;
      return null;
    },
    usage_search: async ({ keys, tier }, onProgress) => {
      isStopped = false;
      seen = [];
      const searched = keys.map(rowOf);
      let files = 0;
      for (let step = 0; (isEndless || step <= found.length) && !wasStopped(); step += 1) {
        seen = found.slice(0, step);
        files += 1403;
        const report = reportFrom(seen, "running", searched, files, of);
        const folder = `/home/olga/code/project-${step}/packages/server`;
        onProgress(usageProgress(report, folder, cardsOf(keys)));
        await sleep(pace);
      }
      const ended = reportFrom(seen, wasStopped() ? "stopped" : "finished", searched, files, of);
      kept = { ...ended, tier };
      return usageSearched(kept, cardsOf(keys));
    },
    delete_card: async ({ key }) => {
      await sleep(250);
      return cardOf(key);
    },
    bulk_card: async ({ keys }) => {
      await sleep(250);
      return bulkCard(keys.map(bulkRowOf));
    },
    open_finding: () => null,
    locate_finding: async () => {
      await sleep(600);
      return {
        message:
          "A remote has it: treat the key as leaked, and rotate it. Pulse Keys does not rewrite history.",
        pushed: true,
        commits: [
          { commit: "4f1c2d9e8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e", paths: [".env", "config/production.env"] },
          { commit: "90ab12cd34ef56ab78cd90ef12ab34cd56ef78ab", paths: [] },
        ],
      };
    },
    checklist: () => checklist(ticked),
    tick_checklist: ({ place, ticked: isTicked }: { place: ChecklistItem["place"]; ticked: boolean }) => {
      ticked = { ...ticked, [place]: isTicked ? new Date().toISOString() : null };
      return checklist(ticked);
    },
  };
}
