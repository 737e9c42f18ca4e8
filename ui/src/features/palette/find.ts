/** What the palette shows for what is typed: ranked, in groups, the best group first. Pure. */
import fuzzysort from "fuzzysort";
import { actionOf } from "../../actions/table";
import type { AccountView, KeyRow } from "../../bindings";
import { idOf, obstacleOf, otherWordsOf, titleOf, type ActionThen, type Entry } from "./entries";

/** So many of a group are shown; more are better found by another letter than by scrolling. */
const MOST = 50;
/** As long as nothing is typed, keys only show that they are here. */
const FIRST_KEYS = 5;
const MOST_RECENT = 5;
/** Of fuzzysort's scores. Letters here and there are a match only where there is no better one. */
const GOOD = 0.5;
const LOOSE = 0.3;
/** Fewer letters stand in too many tokens. */
const SHORTEST_TAIL = 3;

export interface Found {
  entry: Entry;
  id: string;
  obstacle: string | null;
  /** Which letters of the title were matched, and which of the last 8. */
  marks: { title: readonly number[]; tail: readonly number[] };
}

export interface Section {
  id: string;
  title: string;
  found: readonly Found[];
  /** With those that are not shown, and without what was not looked for. */
  total: number;
}

interface Sources {
  states: readonly ActionThen[];
  account: AccountView;
  accounts: readonly AccountView[];
  rows: readonly KeyRow[];
}

export interface Query {
  text: string;
  /** It is the end of a token that was pasted: only the key that ends so is meant. */
  isTail: boolean;
}

interface Ranked extends Section {
  found: readonly (Found & { score: number })[];
  best: number;
}

const noMarks: Found["marks"] = { title: [], tail: [] };

function plain(entry: Entry): Found {
  return { entry, id: idOf(entry), obstacle: obstacleOf(entry), marks: noMarks };
}

function prepare(entries: readonly Entry[], keys = [titleOf, otherWordsOf]) {
  return fuzzysort.snapshot<Entry>(entries, { keys });
}

type Prepared = ReturnType<typeof prepare>;

function rank(id: string, title: string, text: string, prepared: Prepared, threshold: number): Ranked {
  const results = fuzzysort.go(text, prepared, { limit: MOST, threshold });
  const found = results.map((result): Ranked["found"][number] => ({
    ...plain(result.obj),
    marks: { title: result[0]?.indexes ?? [], tail: [] },
    score: result.score,
  }));
  return { id, title, found, total: results.total, best: results[0]?.score ?? 0 };
}

const fromTo = (from: number, length: number) => Array.from({ length }, (_, place) => from + place);

/**
 * Where a key's last 8 characters hold what is typed, if they do. Never letters here and there: such characters have no
 * meaning, and everything would be found in some of them.
 */
function inTail(row: KeyRow, words: readonly string[]): { score: number; places: readonly number[] } | null {
  const tail = row.lastEight.toLowerCase();
  // Beside a name, as it is copied from the list, only the whole of it counts.
  const word = words.length === 1 ? words[0] : words.find((each) => each === tail);
  if (word === undefined || word.length < SHORTEST_TAIL) return null;
  const from = tail.indexOf(word);
  if (from === -1) return null;
  return { score: GOOD + ((1 - GOOD) * word.length) / tail.length, places: fromTo(from, word.length) };
}

/** Keys by their names, and by what their tokens end in. */
function rankKeys(
  id: string,
  title: string,
  text: string,
  names: Prepared,
  keys: readonly Entry[],
  threshold: number,
): Ranked {
  const byName = rank(id, title, text, names, threshold);
  const words = text.toLowerCase().split(/\s+/);
  const found = new Map(byName.found.map((each) => [each.id, each]));
  let { total } = byName;
  for (const entry of keys) {
    const tail = entry.kind === "key" ? inTail(entry.row, words) : null;
    if (tail === null) continue;
    const here = plain(entry);
    const before = found.get(here.id);
    const isCounted =
      before !== undefined || (fuzzysort.single(text, titleOf(entry))?.score ?? 0) >= threshold;
    if (!isCounted) total += 1;
    found.set(here.id, {
      ...here,
      marks: { title: before?.marks.title ?? [], tail: tail.places },
      score: Math.max(before?.score ?? 0, tail.score),
    });
  }
  const ranked = [...found.values()].sort((one, other) => other.score - one.score).slice(0, MOST);
  return { id, title, found: ranked, total, best: ranked[0]?.score ?? 0 };
}

/** Looks for things in what there is. Keys are prepared once, then each letter costs little. */
export function finder({ states, account, accounts, rows }: Sources) {
  const actions = states
    .filter(({ id }) => id !== "app.palette")
    .map((state): Entry => ({ kind: "action", state }));
  const isHelp = (entry: Entry) => entry.kind === "action" && actionOf(entry.state.id).group === "Help";
  const possible = actions.filter((entry) => obstacleOf(entry) === null);
  const teams: Entry[] =
    account.teams.length < 2
      ? []
      : [{ id: null, name: "All teams", role: null }, ...account.teams].map(({ id, name, role }) => ({
          kind: "team",
          team: id,
          name,
          role,
        }));
  const keyEntry = (row: KeyRow): Entry => ({ kind: "key", account: account.id, row });
  const keys = rows.map(keyEntry);
  const groups: [id: string, title: string, entries: Entry[]][] = [
    ["actions", "Actions", possible.filter((entry) => !isHelp(entry))],
    ["keys", "API keys", keys],
    [
      "accounts",
      "Switch account",
      accounts.filter(({ id }) => id !== account.id).map((each) => ({ kind: "account", account: each })),
    ],
    ["teams", "Show team", teams],
    ["help", "Help", possible.filter(isHelp)],
  ];
  const obstructed = actions.filter((entry) => obstacleOf(entry) !== null);
  // At once, so that most of the work is done before the first letter comes.
  const prepared = groups.map(([id, title, entries]): [id: string, title: string, Prepared] => [
    id,
    title,
    prepare(entries, id === "keys" ? [titleOf] : undefined),
  ]);
  const preparedObstructed = prepare(obstructed);

  const byTail = (tail: string): Section[] => {
    const found = rows
      .filter(({ lastEight }) => lastEight === tail)
      .map((row): Found => ({
        ...plain(keyEntry(row)),
        marks: { title: [], tail: Array.from(tail, (_, place) => place) },
      }));
    // Whether it is genuine, or of another account, takes the whole of it.
    const closer = possible.filter(
      (entry) => entry.kind === "action" && entry.state.id === "usage.recognise",
    );
    const title = found.length > 0 ? "Look closer" : "It may be of another account";
    return [
      { id: "keys", title: "API keys", found, total: found.length },
      { id: "closer", title, found: closer.map(plain), total: 0 },
    ];
  };

  const everything = (recent: readonly string[]): Section[] => {
    const known = new Map(groups.flatMap(([, , entries]) => entries).map((entry) => [idOf(entry), entry]));
    const last = recent
      .map((id) => known.get(id))
      .filter((entry) => entry !== undefined)
      .slice(0, MOST_RECENT);
    const others = groups.map(([id, title, entries]): Section => {
      const rest = entries.filter((entry) => !last.includes(entry));
      const most = id === "keys" ? FIRST_KEYS : MOST;
      return { id, title, found: rest.slice(0, most).map(plain), total: rest.length };
    });
    return [
      { id: "recent", title: "Recent", found: last.map(plain), total: last.length },
      ...others,
      { id: "obstructed", title: "Not possible now", found: obstructed.map(plain), total: obstructed.length },
    ];
  };

  const matching = (text: string): Section[] => {
    const ranked = (threshold: number) =>
      prepared
        .map(([id, title, entries]) =>
          id === "keys"
            ? rankKeys(id, title, text, entries, keys, threshold)
            : rank(id, title, text, entries, LOOSE),
        )
        .sort((one, other) => other.best - one.best);
    const good = ranked(GOOD);
    const isFound = good.some(({ total }) => total > 0);
    return [
      ...(isFound ? good : ranked(LOOSE)),
      rank("obstructed", "Not possible now", text, preparedObstructed, LOOSE),
    ];
  };

  return ({ text, isTail }: Query, recent: readonly string[]): Section[] => {
    // As they are written before the last 8 on screen.
    const wanted = text.replaceAll("…", " ").trim();
    const sections = isTail ? byTail(wanted) : wanted === "" ? everything(recent) : matching(wanted);
    return sections.filter(({ found }) => found.length > 0);
  };
}

/** Nothing of what was typed stays in memory. */
export function forget() {
  fuzzysort.cleanup();
}
