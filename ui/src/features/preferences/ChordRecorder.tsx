/** Takes down the next keys that are pressed, for an action. Until then no key does anything else, but for Tab and Esc. */
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { sayKeys } from "../../actions/keys";
import { actionOf, type ActionId } from "../../actions/table";
import { useRegistry } from "../../actions/useActions";
import { take } from "./chords";
import styles from "./Shortcuts.module.css";

interface ChordRecorderProps {
  id: ActionId;
  /** Where it says why keys can't be taken. */
  describedBy: string;
  onTake: (keys: string) => void;
  onRefuse: (why: string) => void;
  /** Nothing is taken: by Esc, or because the user went on to something else. */
  onCancel: (isByEscape: boolean) => void;
}

/** "Ctrl Shift …" while only those are held. */
function heldIn({ ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string {
  const mod = ctrlKey || metaKey ? "mod+" : "";
  const held = `${mod}${altKey ? "Alt+" : ""}${shiftKey ? "Shift+" : ""}`;
  return held === "" ? "" : sayKeys(`${held}…`);
}

export function ChordRecorder({ id, describedBy, onTake, onRefuse, onCancel }: ChordRecorderProps) {
  const registry = useRegistry();
  const field = useRef<HTMLInputElement>(null);
  const [held, setHeld] = useState("");
  useEffect(() => registry.holdKeys(), [registry]);
  useEffect(() => field.current?.focus(), []);

  const read = (event: KeyboardEvent) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    // The way on stays open.
    if (event.key === "Tab" && isPlain) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape" && isPlain && !event.shiftKey) {
      onCancel(true);
      return;
    }
    setHeld(heldIn(event));
    if (event.repeat) return;
    const taken = take(registry.read(event.nativeEvent), id);
    if (taken.kind === "keys") onTake(taken.keys);
    else if (taken.kind === "refused") onRefuse(taken.why);
  };

  return (
    <input
      ref={field}
      className={styles.recorder}
      aria-label={`New keys for ${actionOf(id).title}: press them, or Esc to cancel`}
      aria-describedby={describedBy}
      placeholder="Press the keys…"
      value={held}
      readOnly
      autoComplete="off"
      onKeyDown={read}
      onKeyUp={(event) => setHeld(heldIn(event))}
      onBlur={() => onCancel(false)}
    />
  );
}
