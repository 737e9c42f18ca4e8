/**
 * The frame of a long table: an ARIA grid of which only the rows in sight exist. What stands in the cells, and what
 * keys and clicks do to a row, is up to the table.
 */
import { memo, type HTMLAttributes, type KeyboardEvent, type ReactNode, type Ref } from "react";
import styles from "./Grid.module.css";
import { Tips } from "./Tips";
import type { GridColumn, useGrid } from "./useGrid";
import { useRowSlots } from "./useRowSlots";

type GridEvents = Pick<
  HTMLAttributes<HTMLDivElement>,
  "onKeyDown" | "onMouseDown" | "onClick" | "onDoubleClick" | "onContextMenu"
>;

interface GridProps<Row, Id extends string> extends GridEvents {
  label: string;
  grid: ReturnType<typeof useGrid<Id>>;
  rows: readonly Row[];
  isBusy: boolean;
  /** How many rows there are with those that were not read yet; none where that is not known. All are, if left out. */
  rowCount?: number | null;
  head: ReactNode;
  cellOf: (column: Id, row: Row) => ReactNode;
  /** For rows that look unlike the others. */
  classOf?: (row: Row) => string | undefined;
  /** Of tables whose rows can be selected: which ones are. */
  selected?: ReadonlySet<string>;
  /** What a row's check box is for, to assistive technology. */
  checkLabelOf?: (row: Row) => string;
}

export function Grid<Row extends { id: string }, Id extends string>(props: GridProps<Row, Id>) {
  const { label, grid, rows, isBusy, rowCount = rows.length, head, cellOf, classOf, ...rest } = props;
  const { selected, checkLabelOf, ...events } = rest;
  const { columns, rowHeight, headerHeight, visible, focus } = grid;
  const { scroller } = visible;

  // In sight, plus the tab stop wherever it is.
  const places = Array.from({ length: visible.to - visible.from }, (_, step) => visible.from + step);
  if (focus.stop < visible.from) places.unshift(focus.stop);
  if (focus.stop >= visible.to && focus.stop < rows.length) places.push(focus.stop);

  const drawn = places.flatMap((place) => rows[place]?.id ?? []);
  const slots = useRowSlots(drawn, focus.position?.id ?? null);

  return (
    <Tips className={styles.tips}>
      <div
        ref={scroller}
        className={styles.table}
        role="grid"
        aria-label={label}
        aria-rowcount={rowCount === null ? -1 : rowCount + 1}
        aria-colcount={columns.length}
        aria-busy={isBusy}
        aria-multiselectable={selected === undefined ? undefined : true}
        data-selecting={selected !== undefined && selected.size > 0 ? true : undefined}
        style={{
          height: headerHeight + rows.length * rowHeight + 2,
          scrollPaddingTop: headerHeight,
        }}
        {...events}
        onScroll={visible.onScroll}
        onFocus={focus.onFocus}
      >
        {head}
        <div role="rowgroup" className={styles.body} style={{ height: rows.length * rowHeight }}>
          {places.map((place) => {
            const row = rows[place];
            return row === undefined ? null : (
              <GridRow
                key={slots.get(row.id)}
                row={row}
                place={place}
                height={rowHeight}
                isStop={place === focus.stop}
                cell={place === focus.place ? (focus.position?.cell ?? null) : null}
                columns={columns}
                cellOf={cellOf}
                className={classOf?.(row)}
                isSelected={selected?.has(row.id)}
                checkLabelOf={checkLabelOf}
              />
            );
          })}
        </div>
      </div>
    </Tips>
  );
}

function tracks(columns: readonly GridColumn<string>[]): string {
  return columns.map((column) => column.width).join(" ");
}

interface GridRowProps<Row, Id extends string> {
  row: Row;
  place: number;
  height: number;
  isStop: boolean;
  /** Its cell with the focus. */
  cell: number | null;
  columns: readonly GridColumn<Id>[];
  cellOf: (column: Id, row: Row) => ReactNode;
  className: string | undefined;
  /** None where rows can't be selected. */
  isSelected: boolean | undefined;
  checkLabelOf: ((row: Row) => string) | undefined;
}

function RowOfGrid<Row extends { id: string }, Id extends string>(props: GridRowProps<Row, Id>) {
  const { row, place, height, isStop, cell, columns, cellOf, className, isSelected, checkLabelOf } = props;
  const naming = columns.findIndex(({ isCheck }) => isCheck !== true);
  return (
    <div
      role="row"
      data-key={row.id}
      aria-rowindex={place + 2}
      aria-selected={isSelected}
      tabIndex={isStop ? 0 : -1}
      className={className === undefined ? styles.row : `${styles.row ?? ""} ${className}`}
      style={{ top: place * height, height, gridTemplateColumns: tracks(columns) }}
    >
      {columns.map((column, at) => (
        <div
          key={column.id}
          role={at === naming ? "rowheader" : "gridcell"}
          aria-colindex={at + 1}
          // Only where the arrows lead: a click is meant for the row.
          tabIndex={cell === at && column.isButton !== true && column.isCheck !== true ? -1 : undefined}
          className={styles.cell}
          data-column={column.isButton === true ? "menu" : column.isCheck === true ? "check" : column.id}
        >
          {column.isCheck === true ? (
            // No input: clicks beside it count too, and keys on it are the row's.
            <span
              role="checkbox"
              tabIndex={-1}
              aria-checked={isSelected === true}
              aria-label={checkLabelOf?.(row)}
              className={styles.check}
            />
          ) : (
            cellOf(column.id, row)
          )}
        </div>
      ))}
    </div>
  );
}

/** Ten thousand rows are never drawn at once, but thirty are at each key. */
const GridRow = memo(RowOfGrid, (before, now) => {
  const { columns: columnsBefore, ...restBefore } = before;
  const { columns, ...rest } = now;
  const names = Object.keys(rest) as (keyof typeof rest)[];
  return (
    names.every((name) => Object.is(restBefore[name], rest[name])) &&
    columns.length === columnsBefore.length &&
    columns.every((column, at) => column === columnsBefore[at])
  );
}) as typeof RowOfGrid;

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
      <div
        role="row"
        aria-rowindex={1}
        className={styles.headRow}
        style={{ gridTemplateColumns: tracks(columns) }}
      >
        {columns.map((column, at) => (
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={at + 1}
            aria-sort={sortOf?.(column)}
            data-column={column.isCheck === true ? "check" : undefined}
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
