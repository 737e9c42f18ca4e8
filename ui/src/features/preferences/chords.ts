/** Which keys may stand for an action, and what happens where two actions have the same. */
import { chordOf, editingKeys, isChord, isMac, isSameChord, sayKeys, type Pressed } from "../../actions/keys";
import { conflictsOf, keysIn, type ShortcutPreferences } from "../../actions/shortcuts";
import { actionIds, actionOf, type ActionId } from "../../actions/table";

/** As many as core keeps for an action. */
export const mostKeys = 4;

type Taken = { kind: "keys"; keys: string } | { kind: "refused"; why: string } | { kind: "unfinished" };

const locks = ["CapsLock", "NumLock", "ScrollLock", "Fn", "FnLock", "Process", "Compose", "Super", "Hyper"];
const moving = /^(Arrow.+|Home|End|PageUp|PageDown)$/;
const deleting = ["Backspace", "Delete"];
const pressing = ["Enter", " ", "Escape"];
const hold = isMac ? "Hold ⌘ or ⌥ with it." : "Hold Ctrl or Alt with it.";

/** What a press stands for while new keys are taken down for an action. */
export function take(event: Pressed, id: ActionId): Taken {
  const keys = locks.includes(event.key) ? null : chordOf(event);
  if (keys === null) return { kind: "unfinished" };
  const why = refusalOf(event, keys, actionOf(id).place);
  return why === null ? { kind: "keys", keys } : { kind: "refused", why };
}

function refusalOf(event: Pressed, keys: string, place: "window" | "list"): string | null {
  const { key } = event;
  const said = sayKeys(keys);
  const isPlain = !isChord(event);
  if (key === "Tab") return "Tab goes from field to field. It can’t be a shortcut.";
  if (isPlain && moving.test(key)) return `${said} moves in lists and in text. ${hold}`;
  if (place === "list") return null;
  if (isPlain && pressing.includes(key)) return `${said} presses buttons and answers questions. ${hold}`;
  if (isPlain && deleting.includes(key)) return `${said} deletes text. ${hold}`;
  if (moving.test(key) || deleting.includes(key) || editingKeys.some((each) => isSameChord(each, keys)))
    return `${said} is for editing text. Choose others.`;
  return null;
}

interface Clash {
  keys: string;
  others: readonly ActionId[];
  /** The one of all of them that the keys run. */
  winner: ActionId;
}

/** Which keys of an action other actions have too. The first one in the table wins, as in the registry. */
export function clashesOf(shortcuts: ShortcutPreferences, id: ActionId): readonly Clash[] {
  const rivals = conflictsOf(shortcuts, id);
  if (rivals.length === 0) return [];
  return keysIn(shortcuts, id).flatMap((keys) => {
    const others = rivals.filter((other) =>
      keysIn(shortcuts, other).some((theirs) => isSameChord(keys, theirs)),
    );
    if (others.length === 0) return [];
    const winner = actionIds.find((each) => each === id || others.includes(each)) ?? id;
    return [{ keys, others, winner }];
  });
}

const quoted = (ids: readonly ActionId[]) => ids.map((id) => `“${actionOf(id).title}”`).join(" and ");

/** "Ctrl K is also set for “Command palette”, which wins." */
export function sayClash({ keys, others, winner }: Clash, id: ActionId): string {
  const also = `${sayKeys(keys)} is also set for ${quoted(others)}`;
  if (winner === id) return `${also}. This one wins.`;
  return others.length === 1 ? `${also}, which wins.` : `${also}. ${quoted([winner])} wins.`;
}

/** The user's keys after one action got others; those that are as in the table need not be kept. */
export function withKeys(
  shortcuts: ShortcutPreferences,
  id: ActionId,
  keys: readonly string[],
): Record<string, string[]> {
  const rest = Object.entries(shortcuts).flatMap(([each, theirs]): [string, string[]][] =>
    each === id || theirs === undefined ? [] : [[each, [...theirs]]],
  );
  const usual = actionOf(id).keys;
  const isUsual = keys.length === usual.length && keys.every((each, at) => each === usual[at]);
  return Object.fromEntries(isUsual ? rest : [...rest, [id, [...keys]]]);
}
