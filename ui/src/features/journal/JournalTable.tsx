/** The journal's rows. Enter on a row opens its details. */
import { useEffect, useMemo, useRef, useState, type Ref } from "react";
import { useAction } from "../../actions/useActions";
import { Grid, GridHead } from "../../components/Grid";
import { useGrid, type GridHandle } from "../../components/useGrid";
import { useRowHeight } from "../../state/useRowHeight";
import { cellOf, layoutFor, usualRowHeight } from "./columns";
import { DetailsContext } from "./detailsContext";
import type { Entry } from "./entries";
import styles from "./JournalTable.module.css";
import { RowDetails } from "./RowDetails";

interface JournalTableProps {
  entries: readonly Entry[];
  hasAccounts: boolean;
  /** The first row that does not fit the chain. */
  brokenAt: number | null;
  /** Changes with the filter. */
  view: string;
  isBusy: boolean;
  /** How many rows there are with those that were not read yet; none where that is not known. */
  rowCount: number | null;
  /** The end of what was read comes into sight. */
  onNearEnd: () => void;
  ref: Ref<GridHandle>;
}

/** So many rows before the end of what was read, more is read. */
const AHEAD = 40;

export function JournalTable(props: JournalTableProps) {
  const { entries, hasAccounts, brokenAt, view, isBusy, rowCount, onNearEnd, ref } = props;
  const [openOf, setOpenOf] = useState<string | null>(null);
  const anchor = useRef<HTMLElement>(null);
  const rowHeight = useRowHeight(usualRowHeight);
  const grid = useGrid({
    rows: entries,
    view,
    layoutFor: (width) => layoutFor(width, hasAccounts, rowHeight),
    ref,
  });
  const { visible, focus } = grid;
  const { scroller } = visible;
  const isNearEnd = visible.to + AHEAD >= entries.length;
  useEffect(() => {
    if (isNearEnd) onNearEnd();
  }, [isNearEnd, entries.length, onNearEnd]);
  const details = useMemo(
    () => ({
      openOf,
      setOpenOf: (id: string) => {
        anchor.current = detailsButton(scroller.current, id);
        setOpenOf(id);
      },
    }),
    [openOf, scroller],
  );

  const current = focus.position?.id;
  useAction("list.next", () => focus.move(1));
  useAction("list.previous", () => focus.move(-1));
  useAction(
    "key.details",
    current === undefined ? "Choose a row in the journal first." : () => details.setOpenOf(current),
  );

  return (
    <DetailsContext value={details}>
      <Grid
        label="Journal"
        grid={grid}
        rows={entries}
        isBusy={isBusy}
        rowCount={rowCount}
        head={
          <GridHead columns={grid.columns} className={styles.heading}>
            {({ title }) => <span>{title}</span>}
          </GridHead>
        }
        cellOf={(column, entry) => cellOf(column, entry, entry.number === brokenAt)}
        classOf={(entry) => (entry.number === brokenAt ? styles.brokenRow : undefined)}
        onKeyDown={focus.onKeyDown}
      />
      <RowDetails
        entry={openOf === null ? undefined : entries.find(({ id }) => id === openOf)}
        anchor={anchor}
        onClose={() => setOpenOf(null)}
      />
    </DetailsContext>
  );
}

function detailsButton(root: HTMLElement | null, id: string): HTMLElement | null {
  return root?.querySelector<HTMLElement>(`[role=row][data-key="${CSS.escape(id)}"] button`) ?? null;
}
