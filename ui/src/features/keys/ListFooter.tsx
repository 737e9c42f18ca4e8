/** How many keys, how many of them are selected and what can be done with those, how old the list is, getting it anew. */
import { ariaKeys } from "../../actions/keys";
import { RefreshButton } from "../../actions/RefreshButton";
import { useShortcut } from "../../actions/useActions";
import { Button } from "../../components/Button";
import { useTime } from "../../lib/clock";
import { countOf, formatNumber } from "../../lib/text";
import { relative } from "../../lib/time";
import { useDelayed } from "../../lib/useDelayed";
import type { KeyList } from "../../state/keyList";
import styles from "./KeysTab.module.css";
import type { Selection } from "./useSelection";

interface ListFooterProps {
  list: KeyList;
  /** It is the user's own: it has no age, and nobody to ask for it. */
  isOwn: boolean;
  shown: number;
  isNarrowed: boolean;
  isRefreshing: boolean;
  /** Why it can't be fetched now. */
  wait: string | null;
  /** Why nothing can be changed at the service now. */
  offline: string | null;
  onRefresh: () => void;
  selection: Selection;
  /** The row with the focus is not among those that are selected. */
  isAside: boolean;
  /** Why they can't be deleted together. */
  obstacle: string | null;
  onDelete: () => void;
  onClear: () => void;
}

function countIn(
  { rows, fetchedAt, total, beginningOf }: KeyList,
  shown: number,
  isNarrowed: boolean,
): string {
  if (beginningOf !== null && !isNarrowed) return countOf(beginningOf, "key");
  if (total !== null && fetchedAt === null)
    return `${formatNumber(rows.length)} of ${countOf(total, "key")} loaded`;
  return isNarrowed
    ? `${formatNumber(shown)} of ${countOf(rows.length, "key")}`
    : countOf(rows.length, "key");
}

/** What is selected, and what of that nothing is done with. */
function selectedIn({ ids, shown }: Selection): string {
  const hidden = ids.size - shown.length;
  if (ids.size === 0) return "";
  return hidden === 0
    ? `${formatNumber(ids.size)} selected`
    : `${formatNumber(ids.size)} selected, ${formatNumber(hidden)} not shown`;
}

export function ListFooter(props: ListFooterProps) {
  const { list, isOwn, shown, isNarrowed, isRefreshing, wait, offline, onRefresh } = props;
  const { selection, isAside, obstacle, onDelete, onClear } = props;
  const isLate = useDelayed(isRefreshing);
  return (
    <footer className={styles.footer}>
      <p role="status">
        {countIn(list, shown, isNarrowed)}
        {isOwn && " in your own list"}
      </p>
      <p role="status" className={styles.selected}>
        {selectedIn(selection)}
      </p>
      {isAside && <span>, not this row</span>}
      {selection.ids.size > 0 && (
        <SelectionButtons
          amount={selection.shown.length}
          obstacle={obstacle}
          isOff={(wait ?? offline) !== null}
          onDelete={onDelete}
          onClear={onClear}
        />
      )}
      <p role="status" className={styles.wait}>
        {wait}
      </p>
      {!isOwn && (
        <>
          <Age
            fetchedAt={list.fetchedAt}
            isIncomplete={list.incomplete !== null}
            isRefreshing={isRefreshing}
          />
          <RefreshButton isPending={isLate} isDisabled={wait !== null} onPress={onRefresh} />
        </>
      )}
    </footer>
  );
}

interface SelectionButtonsProps {
  /** Of those that are shown: what is hidden is not deleted. */
  amount: number;
  obstacle: string | null;
  /** Waiting for the keychain, or offline: nothing is deleted meanwhile. */
  isOff: boolean;
  onDelete: () => void;
  onClear: () => void;
}

function SelectionButtons({ amount, obstacle, isOff, onDelete, onClear }: SelectionButtonsProps) {
  const deletion = useShortcut("key.delete");
  const clearing = useShortcut("selection.clear");
  return (
    <span className={styles.actions}>
      {amount > 0 && obstacle === null && (
        <Button
          look="quiet"
          aria-keyshortcuts={ariaKeys(deletion.keys)}
          isDisabled={isOff}
          onPress={onDelete}
        >
          <span className={styles.delete}>
            {amount === 1 ? "Delete key…" : `Delete ${countOf(amount, "key")}…`}
          </span>
        </Button>
      )}
      {obstacle !== null && <span className={styles.note}>{obstacle}</span>}
      <Button look="quiet" aria-keyshortcuts={ariaKeys(clearing.keys)} onPress={onClear}>
        Clear
      </Button>
    </span>
  );
}

interface AgeProps {
  /** When the list was last whole. */
  fetchedAt: string | null;
  isIncomplete: boolean;
  isRefreshing: boolean;
}

function Age({ fetchedAt, isIncomplete, isRefreshing }: AgeProps) {
  const age = useTime(fetchedAt ?? "", relative);
  if (fetchedAt === null)
    return <span className={styles.age}>{isRefreshing ? "Loading…" : "Not complete"}</span>;
  if (isIncomplete) return <span className={styles.age}>Complete {age}</span>;
  return <span className={styles.age}>Updated {age}</span>;
}
