/** The table: a grid of which only the rows in sight exist. The keys of the list are handled here, and only here. */
import { useImperativeHandle, useMemo, useRef, useState, type KeyboardEvent, type Ref } from "react";
import { listActions } from "../../actions/actions";
import { dispatch } from "../../actions/useActions";
import type { KeyRow, TokenInCustody } from "../../bindings";
import { Tips } from "../../components/Tips";
import { cellOf, columnsFor, type ColumnView } from "./columns";
import styles from "./KeysTable.module.css";
import { ListContext, type RowAction } from "./listContext";
import type { Order } from "./order";
import { TableHead } from "./TableHead";
import { positionOf, useGridFocus } from "./useGridFocus";
import { useRem, useWidthInRem } from "./useRem";
import { useRowWindow } from "./useRowWindow";

export interface TableHandle {
  /** Puts the focus on a row, or on the first one. */
  focusRow: (id: string | null) => void;
}

interface KeysTableProps {
  rows: readonly KeyRow[];
  order: Order;
  onOrder: (order: Order) => void;
  /** Changes with search, order and team. */
  view: string;
  hasTeams: boolean;
  isBusy: boolean;
  cardOf: string | null;
  leaving: string | null;
  /** Tokens in custody, by their keys. */
  tokens: ReadonlyMap<KeyRow["id"], TokenInCustody>;
  onAct: (action: RowAction, row: KeyRow) => void;
  ref: Ref<TableHandle>;
}

export function KeysTable(props: KeysTableProps) {
  const { rows, order, onOrder, view, hasTeams, isBusy, cardOf, leaving, tokens, onAct, ref } = props;
  const head = useRef<HTMLDivElement>(null);
  const rem = useRem();
  const rowHeight = Math.round(2.625 * rem);
  const headerHeight = Math.round(2.25 * rem);

  const [menuOf, setMenuOf] = useState<string | null>(null);
  const shared = useMemo(
    () => ({ menuOf, cardOf, leaving, tokens, setMenuOf, act: onAct }),
    [menuOf, cardOf, leaving, tokens, onAct],
  );

  const visible = useRowWindow({ rows, rowHeight, headerHeight, view });
  const { scroller } = visible;
  const width = useWidthInRem(scroller, rem);
  const columns = useMemo(() => columnsFor(width, hasTeams), [width, hasTeams]);
  const focus = useGridFocus({
    scroller,
    rows,
    cells: columns.length,
    page: visible.page,
    reveal: visible.reveal,
    onLeaveTop: () => head.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus(),
  });
  const { go } = focus;
  useImperativeHandle(
    ref,
    () => ({
      focusRow: (id) => {
        const target = rows.find((row) => row.id === id) ?? rows[0];
        if (target !== undefined) go(target.id, null);
      },
    }),
    [rows, go],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const id = positionOf(event.target)?.id;
    const row = rows.find((each) => each.id === id);
    if (row === undefined) return;
    const isHandled = dispatch(
      listActions,
      {
        moveRow: (step) => {
          const next = rows[focus.place + step];
          if (next !== undefined) go(next.id, focus.position?.cell ?? null);
        },
        openRowMenu: () => setMenuOf(row.id),
        openToken: () => onAct("token", row),
        rotateRow: () => onAct("rotate", row),
        duplicateRow: () => onAct("duplicate", row),
        deleteRow: () => onAct("delete", row),
      },
      event,
    );
    if (!isHandled) focus.onKeyDown(event);
  };

  // In sight, plus the tab stop wherever it is.
  const places = Array.from({ length: visible.to - visible.from }, (_, step) => visible.from + step);
  if (focus.stop < visible.from) places.unshift(focus.stop);
  if (focus.stop >= visible.to && focus.stop < rows.length) places.push(focus.stop);

  return (
    <ListContext value={shared}>
      <Tips className={styles.tips}>
        <div
          ref={scroller}
          className={styles.table}
          role="grid"
          aria-label="API keys"
          aria-rowcount={rows.length + 1}
          aria-colcount={columns.length}
          aria-busy={isBusy}
          style={{
            height: headerHeight + rows.length * rowHeight + 2,
            ["--columns" as string]: columns.map((column) => column.width).join(" "),
            scrollPaddingTop: headerHeight,
          }}
          onScroll={visible.onScroll}
          onKeyDown={onKeyDown}
          onFocus={focus.onFocus}
          onContextMenu={(event) => {
            const found = positionOf(event.target);
            if (found === null) return;
            event.preventDefault();
            setMenuOf(found.id);
          }}
        >
          <TableHead
            ref={head}
            columns={columns}
            order={order}
            onOrder={onOrder}
            onLeave={() => go(rows[0]?.id ?? "", null)}
          />
          <div role="rowgroup" className={styles.body} style={{ height: rows.length * rowHeight }}>
            {places.map((place) => {
              const row = rows[place];
              return row === undefined ? null : (
                <TableRow
                  key={row.id}
                  row={row}
                  place={place}
                  top={place * rowHeight}
                  height={rowHeight}
                  isStop={place === focus.stop}
                  cell={place === focus.place ? (focus.position?.cell ?? null) : null}
                  columns={columns}
                />
              );
            })}
          </div>
        </div>
      </Tips>
    </ListContext>
  );
}

interface TableRowProps {
  row: KeyRow;
  place: number;
  top: number;
  height: number;
  isStop: boolean;
  /** Its cell with the focus. */
  cell: number | null;
  columns: readonly ColumnView[];
}

function TableRow({ row, place, top, height, isStop, cell, columns }: TableRowProps) {
  return (
    <div
      role="row"
      data-key={row.id}
      aria-rowindex={place + 2}
      tabIndex={isStop ? 0 : -1}
      className={styles.row}
      style={{ top, height }}
    >
      {columns.map(({ id }, column) => (
        <div
          key={id}
          role={id === "name" ? "rowheader" : "gridcell"}
          aria-colindex={column + 1}
          // Only where the arrows lead: a click is meant for the row.
          tabIndex={cell === column && id !== "menu" ? -1 : undefined}
          className={styles.cell}
          data-column={id}
        >
          {cellOf(id, row)}
        </div>
      ))}
    </div>
  );
}
