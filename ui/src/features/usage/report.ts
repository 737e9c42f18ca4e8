/**
 * What two searches say together. While one runs, what the one before it found stays in its place, so that nothing
 * vanishes only to come back; its end takes the place of both. Knows no host and no words of its own.
 */
import type { Finding, FindingLevel, KeyUsage, SearchTier, UsageReport, UsageVerdict } from "../../bindings";

/** From weakest to strongest, as core orders them. */
const levels: Record<FindingLevel, number> = {
  hint: 0,
  unlisted: 1,
  older: 2,
  mention: 3,
  probable: 4,
  this_key: 5,
};
const verdicts: Record<UsageVerdict, number> = {
  not_searched: 0,
  nothing_found: 1,
  possible: 2,
  confirmed: 3,
};
const tiers: Record<SearchTier, number> = { named: 0, folders: 1, everything: 2 };

/** Whether it speaks of a living key, and not only of a name or a dead version. */
export function isLive({ level }: Finding): boolean {
  return levels[level] >= levels.mention;
}

/** What a report says of one key. */
export function usageOf(report: UsageReport | null, key: KeyUsage["key"]): KeyUsage | null {
  return report?.keys.find((usage) => usage.key === key) ?? null;
}

function isStronger(one: KeyUsage, other: KeyUsage): boolean {
  if (one.verdict !== other.verdict) return verdicts[one.verdict] > verdicts[other.verdict];
  if (one.places !== other.places) return one.places > other.places;
  return one.possiblePlaces > other.possiblePlaces;
}

/** What is known of a key from both: while a search runs the stronger word counts, after it the search's own. */
export function livelier(found: KeyUsage | null, known: KeyUsage, isSearching: boolean): KeyUsage {
  if (found === null) return known;
  return isSearching && isStronger(known, found) ? known : found;
}

/** Whether a card has to be asked for again: what was found says more than it knows, or the last word was said. */
export function isNews(found: KeyUsage, known: KeyUsage, isSearching: boolean): boolean {
  if (found.verdict !== known.verdict && verdicts[found.verdict] > verdicts.nothing_found) return true;
  return !isSearching && found.words !== known.words;
}

/** As core lists them: the surest first, what is of now before what is not, then by place. */
function byPlace(one: Finding, other: Finding): number {
  return (
    levels[other.level] - levels[one.level] ||
    Number(one.predatesKey) - Number(other.predatesKey) ||
    (one.path < other.path ? -1 : one.path > other.path ? 1 : (one.line ?? 0) - (other.line ?? 0))
  );
}

/** Whether a search makes what was known before it pointless: it came to its end, and went as far. */
function replaces(latest: UsageReport, before: UsageReport): boolean {
  return latest.state === "finished" && tiers[latest.tier] >= tiers[before.tier];
}

/** A key that was rotated in between has another token, of which what was found before says nothing. */
function isOfSameTokens(before: UsageReport, latest: UsageReport): boolean {
  return latest.keys.every(({ key, lastEight }) => {
    const known = usageOf(before, key);
    return known === null || known.lastEight === lastEight;
  });
}

export function joined(before: UsageReport | null, latest: UsageReport | null): UsageReport | null {
  if (before === null || latest === null) return latest ?? before;
  if (replaces(latest, before) || !isOfSameTokens(before, latest)) return latest;
  return {
    ...latest,
    keys: latest.keys.map((usage) => {
      const known = usageOf(before, usage.key);
      return known !== null && isStronger(known, usage) ? known : usage;
    }),
    groups: latest.groups.map((group) => {
      const known = before.groups.find(({ heading }) => heading === group.heading);
      if (known === undefined) return group;
      const ids = new Set(group.findings.map(({ id }) => id));
      const findings = [...group.findings, ...known.findings.filter(({ id }) => !ids.has(id))].sort(byPlace);
      const more = Math.max(group.more, known.more);
      return { ...group, findings, more, count: findings.filter(isLive).length + more };
    }),
    // It is known at a search's end only.
    skipped: latest.state === "running" ? before.skipped : latest.skipped,
  };
}
