/** The keys that a user has chosen in place of the table's: what they mean, and where two actions share one. */
import { isSameChord } from "./keys";
import { actionIds, actionOf, type ActionId } from "./table";

/** Keys by action, in place of the table's; an empty list means none. Ids that the table doesn't know are ignored. */
export type ShortcutPreferences = Partial<Record<string, readonly string[]>>;

export function keysIn(shortcuts: ShortcutPreferences, id: ActionId): readonly string[] {
  return shortcuts[id] ?? actionOf(id).keys;
}

/** Which other actions have one of these keys too. */
export function conflictsOf(shortcuts: ShortcutPreferences, id: ActionId): ActionId[] {
  const mine = keysIn(shortcuts, id);
  return actionIds.filter(
    (other) =>
      other !== id &&
      keysIn(shortcuts, other).some((theirs) => mine.some((each) => isSameChord(each, theirs))),
  );
}
