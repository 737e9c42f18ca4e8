/**
 * The card before several keys are deleted: each with what is known of its use and a box to tick. Nothing is ticked
 * here that core has not ticked, but by the user.
 */
import { TriangleAlert } from "lucide-react";
import { memo, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { AccountId, BulkRow, KeyNote, KeyRow, KeyUsage } from "../../bindings";
import { Button } from "../../components/Button";
import choice from "../../components/Choice.module.css";
import { LastUsed } from "../../components/LastUsed";
import { Name } from "../../components/Name";
import { countOf } from "../../lib/text";
import { useDelayed } from "../../lib/useDelayed";
import { useNotes } from "../../state/useNotes";
import { NoteLine } from "../notes";
import type { UsageSearch } from "../usage";
import styles from "./Bulk.module.css";

type KeyId = KeyRow["id"];

interface ChoosingProps {
  account: AccountId;
  /** As the list knows them, in place of the card while that is on its way. */
  known: readonly KeyRow[];
  rows: readonly BulkRow[] | null;
  search: UsageSearch;
  ticked: ReadonlySet<KeyId>;
  /** Nothing can be changed now. */
  isFixed: boolean;
  isAsking: boolean;
  onTick: (id: KeyId, isTicked: boolean) => void;
  onTickOnly: (ids: readonly KeyId[]) => void;
}

/** "5 of 7 ticked, 2 risky left out" */
function countInWords(rows: readonly BulkRow[], ticked: ReadonlySet<KeyId>): string {
  const risky = rows.filter((row) => row.risky && row.obstacle === null);
  const chosen = risky.filter(({ key }) => ticked.has(key.id)).length;
  const count = `${ticked.size} of ${rows.length} ticked`;
  if (chosen > 0) return `${count}, ${chosen} of them risky`;
  return risky.length > 0 ? `${count}, ${risky.length} risky left out` : count;
}

export function Choosing(props: ChoosingProps) {
  const { account, known, rows, search, ticked, isFixed, isAsking, onTick, onTickOnly } = props;
  const notes = useNotes(account);
  const isLate = useDelayed(isAsking);
  const list = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState<KeyId | null>(null);
  const calm = useMemo(
    () => (rows ?? []).filter((row) => !row.risky && row.obstacle === null).map(({ key }) => key.id),
    [rows],
  );
  const shown = rows ?? known.map((key) => ({ key }));
  const first = shown.some(({ key }) => key.id === at) ? at : shown[0]?.key.id;
  const areTicked = calm.length === ticked.size && calm.every((id) => ticked.has(id));

  const move = (event: KeyboardEvent) => {
    const boxes = Array.from(list.current?.querySelectorAll("input") ?? []);
    const place = boxes.findIndex((box) => box === document.activeElement);
    const places: Record<string, number> = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      PageDown: place + 10,
      PageUp: place - 10,
      Home: 0,
      End: boxes.length - 1,
    };
    const next = places[event.key];
    if (place === -1 || next === undefined) return;
    event.preventDefault();
    boxes[Math.min(Math.max(next, 0), boxes.length - 1)]?.focus();
  };

  return (
    <>
      <div className={styles.bar}>
        <p className={styles.count}>
          {rows === null
            ? isLate
              ? "Asking PulseAPI…"
              : countOf(known.length, "key")
            : countInWords(rows, ticked)}
        </p>
        <span className={styles.ticks}>
          <Button
            look="quiet"
            isDisabled={isFixed || rows === null || calm.length === 0 || areTicked}
            onPress={() => onTickOnly(calm)}
          >
            Tick all but risky
          </Button>
          <Button
            look="quiet"
            isDisabled={isFixed || rows === null || ticked.size === 0}
            onPress={() => onTickOnly([])}
          >
            Untick all
          </Button>
        </span>
      </div>
      <ul ref={list} className={styles.list} aria-label="Keys to delete" onKeyDown={move}>
        {rows === null
          ? known.map((row) => (
              <Choose
                key={row.id}
                row={row}
                note={notes.get(row.id)}
                of={null}
                found=""
                isFound={false}
                isTicked={false}
                isFixed
                isEntry={row.id === first}
                isLate={isLate}
                onTick={onTick}
                onEnter={setAt}
              />
            ))
          : rows.map((row) => {
              const { usage } = row;
              return (
                <Choose
                  key={row.key.id}
                  row={row.key}
                  note={notes.get(row.key.id)}
                  of={row}
                  found={isFound(usage) || !search.isRunning ? usage.words : ""}
                  isFound={isFound(usage)}
                  isTicked={ticked.has(row.key.id)}
                  isFixed={isFixed}
                  isEntry={row.key.id === first}
                  isLate={false}
                  onTick={onTick}
                  onEnter={setAt}
                />
              );
            })}
      </ul>
    </>
  );
}

interface ChooseProps {
  row: KeyRow;
  note: KeyNote | undefined;
  /** What is known of it; none while that is asked. */
  of: BulkRow | null;
  /** What a search of this machine says of it now; as words, which change less often than it speaks. */
  found: string;
  isFound: boolean;
  isTicked: boolean;
  isFixed: boolean;
  /** Tab leads here; from there it goes by arrows. */
  isEntry: boolean;
  isLate: boolean;
  onTick: (id: KeyId, isTicked: boolean) => void;
  onEnter: (id: KeyId) => void;
}

const Choose = memo(function Choose(props: ChooseProps) {
  const { row, note, of, found, isFound, isTicked, isFixed, isEntry, isLate, onTick, onEnter } = props;
  const id = useId();
  const isBlocked = (of?.obstacle ?? null) !== null;
  return (
    <li className={styles.item}>
      <label className={styles.choose} data-blocked={isBlocked || undefined}>
        {/* It stays focusable where it can't be ticked: the reason is to be heard, too. */}
        <input
          type="checkbox"
          className={choice.input}
          checked={isTicked}
          aria-disabled={isFixed || isBlocked}
          aria-labelledby={`${id}-name ${id}-tail`}
          aria-describedby={`${id}-used ${id}-evidence ${id}-note`}
          tabIndex={isEntry ? 0 : -1}
          onFocus={() => onEnter(row.id)}
          onChange={(event) => {
            if (!isFixed && !isBlocked) onTick(row.id, event.target.checked);
          }}
        />
        <span className={styles.text}>
          <span className={styles.head}>
            <span id={`${id}-name`} className={styles.name}>
              <Name name={row.name} />
            </span>
            <span id={`${id}-tail`} className={styles.tail}>
              …{row.lastEight}
            </span>
            <span id={`${id}-used`} className={styles.used}>
              <LastUsed at={row.lastUsedAt} isKnown={row.lastUseKnown} />
            </span>
          </span>
          <span id={`${id}-evidence`} className={styles.evidence}>
            {of === null ? (
              <i className={styles.line} data-shown={isLate} />
            ) : (
              <>
                {of.risky && !isBlocked && (
                  <>
                    <strong className={styles.risky} data-tone={toneOf(of)}>
                      <TriangleAlert size="0.75rem" aria-hidden="true" />
                      Risky
                    </strong>{" "}
                  </>
                )}
                {of.obstacle ?? of.evidence}
                {!isBlocked && (
                  <>
                    {" "}
                    <span className={isFound ? styles.found : undefined}>{found}</span>
                  </>
                )}
              </>
            )}
          </span>
          {note !== undefined && (
            <span id={`${id}-note`} className={styles.note}>
              <NoteLine note={note} />
            </span>
          )}
        </span>
      </label>
    </li>
  );
});

function toneOf({ friction }: BulkRow): "warning" | "danger" {
  return friction === "type_phrase" ? "warning" : "danger";
}

function isFound({ verdict }: KeyUsage): boolean {
  return verdict === "possible" || verdict === "confirmed";
}
