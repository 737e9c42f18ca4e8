/** The journal's rows: a grid of which only those in sight exist. Enter on a row opens its details. */
import { useImperativeHandle, useMemo, useRef, useState, type KeyboardEvent, type Ref } from "react";
import { listActions } from "../../actions/actions";
import { matches } from "../../actions/keys";
import { Tips } from "../../components/Tips";
import list from "../keys/KeysTable.module.css";
import { positionOf, useGridFocus } from "../keys/useGridFocus";
import { useRem, useWidthInRem } from "../keys/useRem";
import { useRowWindow } from "../keys/useRowWindow";
import { cellOf, layoutFor, type ColumnView } from "./columns";
import { DetailsContext } from "./detailsContext";
import type { Entry } from "./entries";
import styles from "./JournalTable.module.css";
import { RowDetails } from "./RowDetails";

export interface JournalTableHandle {
  /** Puts the focus on a row, or on the first one. */
  focusRow: (id: string | null) => void;
}

interface JournalTableProps {
  entries: readonly Entry[];
  hasAccounts: boolean;
  /** The first row that does not fit the chain. */
  brokenAt: number | null;
  /** Changes with the filter. */
  view: string;
  isBusy: boolean;
  ref: Ref<JournalTableHandle>;
}

export function JournalTable({ entries, hasAccounts, brokenAt, view, isBusy, ref }: JournalTableProps) {
  const rem = useRem();
  const [openOf, setOpenOf] = useState<string | null>(null);
  const anchor = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(Infinity);
  const { columns, rowHeight: height } = useMemo(() => layoutFor(width, hasAccounts), [width, hasAccounts]);
  const rowHeight = Math.round(height * rem);
  const headerHeight = Math.round(2.25 * rem);

  const visible = useRowWindow({ rows: entries, rowHeight, headerHeight, view });
  const { scroller } = visible;
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
  const measured = useWidthInRem(scroller, rem);
  // The width decides about the height of rows, which the measured element is made with.
  if (measured !== width) setWidth(measured);
  const focus = useGridFocus({
    scroller,
    rows: entries,
    cells: columns.length,
    page: visible.page,
    reveal: visible.reveal,
    onLeaveTop: () => undefined,
  });
  const { go } = focus;
  useImperativeHandle(
    ref,
    () => ({
      focusRow: (id) => {
        const target = entries.find((entry) => entry.id === id) ?? entries[0];
        if (target !== undefined) go(target.id, null);
      },
    }),
    [entries, go],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const found = positionOf(event.target);
    if (found === null) return;
    // The button in the row opens by itself.
    if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      details.setOpenOf(found.id);
      return;
    }
    const isFor = ({ keys }: { keys: readonly string[] }) => keys.some((each) => matches(each, event));
    const step = isFor(listActions.next) ? 1 : isFor(listActions.previous) ? -1 : null;
    if (step === null) {
      focus.onKeyDown(event);
      return;
    }
    event.preventDefault();
    const to = entries[focus.place + step];
    if (to !== undefined) go(to.id, focus.position?.cell ?? null);
  };

  // In sight, plus the tab stop wherever it is.
  const places = Array.from({ length: visible.to - visible.from }, (_, step) => visible.from + step);
  if (focus.stop < visible.from) places.unshift(focus.stop);
  if (focus.stop >= visible.to && focus.stop < entries.length) places.push(focus.stop);

  return (
    <DetailsContext value={details}>
      <Tips className={list.tips}>
        <div
          ref={scroller}
          className={list.table}
          role="grid"
          aria-label="Journal"
          aria-rowcount={entries.length + 1}
          aria-colcount={columns.length}
          aria-busy={isBusy}
          style={{
            height: headerHeight + entries.length * rowHeight + 2,
            ["--columns" as string]: columns.map((column) => column.width).join(" "),
            scrollPaddingTop: headerHeight,
          }}
          onScroll={visible.onScroll}
          onKeyDown={onKeyDown}
          onFocus={focus.onFocus}
        >
          <Head columns={columns} />
          <div role="rowgroup" className={list.body} style={{ height: entries.length * rowHeight }}>
            {places.map((place) => {
              const entry = entries[place];
              return entry === undefined ? null : (
                <TableRow
                  key={entry.id}
                  entry={entry}
                  place={place}
                  top={place * rowHeight}
                  height={rowHeight}
                  isStop={place === focus.stop}
                  cell={place === focus.place ? (focus.position?.cell ?? null) : null}
                  isBroken={entry.number === brokenAt}
                  columns={columns}
                />
              );
            })}
          </div>
        </div>
      </Tips>
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

function Head({ columns }: { columns: readonly ColumnView[] }) {
  return (
    <div role="rowgroup" className={list.head}>
      <div role="row" aria-rowindex={1} className={list.headRow}>
        {columns.map(({ id, title }, place) => (
          <div key={id} role="columnheader" aria-colindex={place + 1} className={styles.heading}>
            <span className={id === "details" ? list.hidden : undefined}>{title}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

interface TableRowProps {
  entry: Entry;
  place: number;
  top: number;
  height: number;
  isStop: boolean;
  /** Its cell with the focus. */
  cell: number | null;
  isBroken: boolean;
  columns: readonly ColumnView[];
}

function TableRow({ entry, place, top, height, isStop, cell, isBroken, columns }: TableRowProps) {
  return (
    <div
      role="row"
      data-key={entry.id}
      aria-rowindex={place + 2}
      tabIndex={isStop ? 0 : -1}
      className={isBroken ? `${list.row ?? ""} ${styles.brokenRow ?? ""}` : list.row}
      style={{ top, height }}
    >
      {columns.map(({ id }, column) => (
        <div
          key={id}
          role={column === 0 ? "rowheader" : "gridcell"}
          aria-colindex={column + 1}
          // Only where the arrows lead: a click is meant for the row.
          tabIndex={cell === column && id !== "details" ? -1 : undefined}
          className={list.cell}
          data-column={id === "details" ? "menu" : id}
        >
          {cellOf(id, entry, isBroken)}
        </div>
      ))}
    </div>
  );
}
