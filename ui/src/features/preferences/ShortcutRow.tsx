/** An action with its keys: shown, changed, taken away, and what they clash with. */
import { Ellipsis } from "lucide-react";
import { useId, useRef, useState } from "react";
import { Menu, MenuItem, Popover, Separator } from "react-aria-components";
import { isSameChord, sayKeys } from "../../actions/keys";
import { actionOf, type ActionId } from "../../actions/table";
import { Button } from "../../components/Button";
import { Keys } from "../../components/Keys";
import { drawOverlay } from "../../components/drawOverlay";
import menu from "../../components/Menu.module.css";
import { menuTrigger } from "../../components/menuTrigger";
import { useAfterClosing } from "../../components/useAfterClosing";
import { ChordRecorder } from "./ChordRecorder";
import { mostKeys } from "./chords";
import styles from "./Shortcuts.module.css";

interface ShortcutRowProps {
  id: ActionId;
  keys: readonly string[];
  /** Not as in the table. */
  isOwn: boolean;
  /** What its keys clash with, in sentences. */
  clashes: readonly string[];
  onKeys: (keys: readonly string[]) => void;
}

export function ShortcutRow({ id, keys, isOwn, clashes, onKeys }: ShortcutRowProps) {
  const [isOpen, setOpen] = useState(false);
  const afterClosing = useAfterClosing(isOpen);
  // Which of its keys the next ones take the place of; the one after the last is added.
  const [replaced, setReplaced] = useState<number | null>(null);
  const [refusal, setRefusal] = useState("");
  const change = useRef<HTMLButtonElement>(null);
  const more = useRef<HTMLButtonElement>(null);
  const said = useId();
  const { title, keys: usual } = actionOf(id);

  const stop = (isToFocus: boolean) => {
    setReplaced(null);
    setRefusal("");
    if (isToFocus) requestAnimationFrame(() => change.current?.focus());
  };
  const record = (place: number) => {
    setRefusal("");
    setReplaced(place);
  };
  const took = (taken: string) => {
    const elsewhere = keys.some((each, place) => place !== replaced && isSameChord(each, taken));
    if (elsewhere) {
      setRefusal(`It has ${sayKeys(taken)} already.`);
      return;
    }
    const next = [...keys];
    next[replaced ?? next.length] = taken;
    onKeys(next);
    stop(true);
  };
  const act = (choice: string) => {
    const [what, at] = choice.split(" ");
    const place = Number(at);
    if (what === "change") afterClosing(() => record(place));
    else if (what === "add") afterClosing(() => record(keys.length));
    else if (what === "remove") onKeys(keys.filter((_, each) => each !== place));
    else onKeys(usual);
  };

  return (
    <li className={styles.row} data-clashing={clashes.length > 0 || undefined}>
      <span className={styles.title}>
        {title}
        {isOwn && <span className={styles.own}>changed</span>}
      </span>
      <span id={`${said}-keys`} className={styles.chords}>
        {keys.map((each, place) =>
          place === replaced ? null : <Keys key={each} parts={sayKeys(each).split(" ")} />,
        )}
        {keys.length === 0 && replaced === null && <span className={styles.off}>Off</span>}
        {replaced !== null && (
          <ChordRecorder id={id} describedBy={said} onTake={took} onRefuse={setRefusal} onCancel={stop} />
        )}
      </span>
      <span className={styles.buttons}>
        {replaced === null ? (
          <>
            <Button
              ref={change}
              look="quiet"
              aria-label={`Change ${title}`}
              aria-describedby={`${said}-keys ${said}`}
              onPress={() => record(0)}
            >
              Change
            </Button>
            <Button
              ref={more}
              look="quiet"
              isIcon
              aria-label={`More for ${title}`}
              {...menuTrigger(isOpen, () => setOpen(true))}
            >
              <Ellipsis size="1rem" aria-hidden="true" />
            </Button>
            <Popover
              render={drawOverlay}
              isOpen={isOpen}
              onOpenChange={setOpen}
              triggerRef={more}
              className={menu.popover ?? ""}
              placement="bottom end"
              offset={4}
            >
              <Menu
                className={menu.menu ?? ""}
                aria-label={`Keys of ${title}`}
                autoFocus="first"
                onClose={() => setOpen(false)}
                onAction={(choice) => act(String(choice))}
                disabledKeys={[...(keys.length >= mostKeys ? ["add"] : []), ...(isOwn ? [] : ["reset"])]}
              >
                <MenuItem id="add" className={menu.item ?? ""}>
                  Add keys…
                </MenuItem>
                {keys.length > 1 &&
                  keys.map((each, place) => (
                    <MenuItem key={each} id={`change ${place}`} className={menu.item ?? ""}>
                      {`Change ${sayKeys(each)}…`}
                    </MenuItem>
                  ))}
                {keys.map((each, place) => (
                  <MenuItem key={each} id={`remove ${place}`} className={menu.item ?? ""}>
                    {`Remove ${sayKeys(each)}`}
                  </MenuItem>
                ))}
                <Separator className={menu.separator ?? ""} />
                <MenuItem id="reset" className={menu.item ?? ""}>
                  {usual.length === 0 ? "Reset to off" : `Reset to ${usual.map(sayKeys).join(", ")}`}
                </MenuItem>
              </Menu>
            </Popover>
          </>
        ) : (
          <span className={styles.cancel}>Esc cancels</span>
        )}
      </span>
      {/* In the page from the start, so that what comes into it is said. */}
      <p id={said} role="status" className={styles.said}>
        {refusal === "" ? clashes.join(" ") : refusal}
      </p>
    </li>
  );
}
