/**
 * The frame of a long table: an ARIA grid of which only the rows in sight exist. What stands in the cells, and what
 * keys do to a row, is up to the table.
 */
import type { KeyboardEvent, MouseEvent, ReactNode, Ref } from "react";
import styles from "./Grid.module.css";
import { Tips } from "./Tips";
import type { GridColumn, useGrid } from "./useGrid";

interface GridProps<Row, Id extends string> {
  label: string;
  grid: ReturnType<typeof useGrid<Id>>;
  rows: readonly Row[];
  isBusy: boolean;
  head: ReactNode;
  cellOf: (column: Id, row: Row) => ReactNode;
  /** For rows that look unlike the others. */
  classOf?: (row: Row) => string | undefined;
  onKeyDown: (event: KeyboardEvent) => void;
  onContextMenu?: (event: MouseEvent) => void;
}

export function Grid<Row extends { id: string }, Id extends string>(props: GridProps<Row, Id>) {
  const { label, grid, rows, isBusy, head, cellOf, classOf, onKeyDown, onContextMenu } = props;
  const { columns, rowHeight, headerHeight, visible, focus } = grid;
  const { scroller } = visible;

  // In sight, plus the tab stop wherever it is.
  const places = Array.from({ length: visible.to - visible.from }, (_, step) => visible.from + step);
  if (focus.stop < visible.from) places.unshift(focus.stop);
  if (focus.stop >= visible.to && focus.stop < rows.length) places.push(focus.stop);

  return (
    <Tips className={styles.tips}>
      <div
        ref={scroller}
        className={styles.table}
        role="grid"
        aria-label={label}
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
        onContextMenu={onContextMenu}
      >
        {head}
        <div role="rowgroup" className={styles.body} style={{ height: rows.length * rowHeight }}>
          {places.map((place) => {
            const row = rows[place];
            return row === undefined ? null : (
              <GridRow
                key={row.id}
                id={row.id}
                place={place}
                height={rowHeight}
                isStop={place === focus.stop}
                cell={place === focus.place ? (focus.position?.cell ?? null) : null}
                columns={columns}
                cellOf={(column) => cellOf(column, row)}
                className={classOf?.(row)}
              />
            );
          })}
        </div>
      </div>
    </Tips>
  );
}

interface GridRowProps<Id extends string> {
  id: string;
  place: number;
  height: number;
  isStop: boolean;
  /** Its cell with the focus. */
  cell: number | null;
  columns: readonly GridColumn<Id>[];
  cellOf: (column: Id) => ReactNode;
  className: string | undefined;
}

function GridRow<Id extends string>(props: GridRowProps<Id>) {
  const { id, place, height, isStop, cell, columns, cellOf, className } = props;
  return (
    <div
      role="row"
      data-key={id}
      aria-rowindex={place + 2}
      tabIndex={isStop ? 0 : -1}
      className={className === undefined ? styles.row : `${styles.row ?? ""} ${className}`}
      style={{ top: place * height, height }}
    >
      {columns.map((column, at) => (
        <div
          key={column.id}
          role={at === 0 ? "rowheader" : "gridcell"}
          aria-colindex={at + 1}
          // Only where the arrows lead: a click is meant for the row.
          tabIndex={cell === at && column.isButton !== true ? -1 : undefined}
          className={styles.cell}
          data-column={column.isButton === true ? "menu" : column.id}
        >
          {cellOf(column.id)}
        </div>
      ))}
    </div>
  );
}

interface GridHeadProps<Column> {
  columns: readonly Column[];
  /** Of each heading. */
  className: string | undefined;
  sortOf?: (column: Column) => "ascending" | "descending" | "none" | undefined;
  onKeyDown?: (event: KeyboardEvent<HTMLDivElement>) => void;
  ref?: Ref<HTMLDivElement>;
  children: (column: Column) => ReactNode;
}

export function GridHead<Column extends GridColumn<string>>(props: GridHeadProps<Column>) {
  const { columns, className, sortOf, onKeyDown, ref, children } = props;
  return (
    <div role="rowgroup" className={styles.head} ref={ref} onKeyDown={onKeyDown}>
      <div role="row" aria-rowindex={1} className={styles.headRow}>
        {columns.map((column, at) => (
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={at + 1}
            aria-sort={sortOf?.(column)}
            className={className}
          >
            {column.isButton === true ? (
              <span className={styles.hidden}>{column.title}</span>
            ) : (
              children(column)
            )}
          </div>
        ))}
      </div>
    </div>
  );
}
