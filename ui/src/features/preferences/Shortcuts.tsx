/** Every action of the table with its keys, group by group. */
import { useMemo, useState } from "react";
import { keysIn } from "../../actions/shortcuts";
import { actionIds, actionOf, groups, type ActionId } from "../../actions/table";
import { Button } from "../../components/Button";
import { Question } from "../../components/Question";
import { countOf } from "../../lib/text";
import { useChangePreferences, usePreferences } from "../../state/usePreferences";
import { clashesOf, sayClash, withKeys } from "./chords";
import { focusSection, Section } from "./Section";
import { ShortcutRow } from "./ShortcutRow";
import styles from "./Shortcuts.module.css";

export function Shortcuts() {
  const { shortcuts } = usePreferences();
  const change = useChangePreferences();
  const [isAsking, setAsking] = useState(false);
  const changed = actionIds.filter((id) => shortcuts[id] !== undefined).length;
  const clashes = useMemo(
    () =>
      new Map(
        actionIds.map((id) => [id, clashesOf(shortcuts, id).map((clash) => sayClash(clash, id))] as const),
      ),
    [shortcuts],
  );
  const put = (id: ActionId, keys: readonly string[]) =>
    change((now) => ({ shortcuts: withKeys(now.shortcuts, id, keys) }));

  return (
    <Section
      id="shortcuts"
      help="Letters alone are ignored while you type. Keys of the list count while the list has the focus."
      action={
        <Button
          aria-expanded={isAsking}
          isDisabled={changed === 0 && !isAsking}
          onPress={() => setAsking(!isAsking)}
        >
          Reset all shortcuts…
        </Button>
      }
      question={
        isAsking && (
          <Question
            question={`Put all shortcuts back? ${countOf(changed, "action")} of yours ${changed === 1 ? "has" : "have"} other keys.`}
            back="Keep mine"
            onBack={() => setAsking(false)}
            go="Reset all shortcuts"
            onGo={() => {
              change(() => ({ shortcuts: {} }));
              setAsking(false);
              // The button has nothing left to do, and gives the focus up.
              requestAnimationFrame(() => focusSection("shortcuts"));
            }}
          />
        )
      }
      onEscape={isAsking ? () => setAsking(false) : undefined}
    >
      {groups.map((group) => (
        <div key={group} role="group" aria-labelledby={`shortcuts-${group}`} className={styles.group}>
          <h3 id={`shortcuts-${group}`} className={styles.heading}>
            {group}
          </h3>
          <ul className={styles.rows}>
            {actionIds
              .filter((id) => actionOf(id).group === group)
              .map((id) => (
                <ShortcutRow
                  key={id}
                  id={id}
                  keys={keysIn(shortcuts, id)}
                  isOwn={shortcuts[id] !== undefined}
                  clashes={clashes.get(id) ?? []}
                  onKeys={(keys) => put(id, keys)}
                />
              ))}
          </ul>
        </div>
      ))}
    </Section>
  );
}
