/** What findings and searches are called on screen. */
import type { Finding, FindingAction, FindingEncoding, FindingLevel, UsageReport } from "../../bindings";
import { countOf } from "../../lib/text";

interface LevelWords {
  /** For the badge. */
  short: string;
  meaning: string;
  tone: "danger" | "warning" | "calm";
}

const levelWords: Record<FindingLevel, LevelWords> = {
  this_key: { short: "this key", meaning: "Proved: it is the token of this key.", tone: "danger" },
  probable: {
    short: "probably",
    meaning: "It ends like this key’s token and is shaped like one.",
    tone: "warning",
  },
  mention: {
    short: "mentions it",
    meaning: "The last 8 characters stand here, without the rest.",
    tone: "warning",
  },
  older: {
    short: "older token",
    meaning: "A token that this key had before. It is dead already.",
    tone: "calm",
  },
  unlisted: { short: "in no list", meaning: "A genuine token of a key that no list has.", tone: "calm" },
  hint: {
    short: "by name",
    meaning: "Its name mentions PulseAPI, but which key it belongs to is not known.",
    tone: "calm",
  },
};

const oldToken: LevelWords = {
  short: "old token",
  meaning: "It still holds the old token, which no longer works: put the new one there.",
  tone: "warning",
};

/** `isOfOldToken`: the key was rotated, and what was proved to be its token was the one before. */
export function wordsOf(level: FindingLevel, isOfOldToken: boolean): LevelWords {
  return isOfOldToken && (level === "this_key" || level === "older") ? oldToken : levelWords[level];
}

export const actionLabels: Record<FindingAction, string> = {
  open: "Open in editor",
  show: "Show in folder",
  copy_path: "Copy path",
};

const written: Record<FindingEncoding, string | null> = {
  raw: null,
  percent: "percent-encoded",
  json: "escaped as in JSON",
  html: "escaped as in HTML",
  shell: "escaped for a shell",
  base64: "in base64",
  utf16: "in UTF-16",
};

/** What is worth knowing of it beside where it is, short enough for one line. */
export function factsOf(finding: Finding): string[] {
  const { kind, encoding, way, inside, times, predatesKey } = finding;
  const facts = [
    kind === "process" ? "running; needs a restart after a change" : null,
    kind === "git" ? "in the git history" : null,
    inside === null ? null : `in ${inside}`,
    way === undefined ? written[encoding] : `written as ${way}`,
    times > 1 ? `${times} times` : null,
    predatesKey ? "written before the key existed" : null,
  ];
  return facts.filter((fact) => fact !== null);
}

/** "0.2 s", "2.1 s", "3 min 5 s" */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${Math.max(seconds, 0.1).toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

export function filesRead(report: UsageReport): string {
  return countOf(report.read.files, "file");
}

/** "One, Two and Three"; in the middle of a sentence if `joiner` says so. */
export function listed(parts: readonly string[], joiner: "and" | "or"): string {
  const [last = "", ...rest] = [...parts].reverse();
  return rest.length === 0 ? last : `${rest.reverse().join(", ")} ${joiner} ${last}`;
}
