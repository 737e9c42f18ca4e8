/** The headings: sorting by each, and the box that selects all; one tab stop for all. */
import { ArrowDown, ArrowUp } from "lucide-react";
import type { KeyboardEvent, Ref } from "react";
import { focusBeside } from "../../components/focusAmong";
import { GridHead } from "../../components/Grid";
import grid from "../../components/Grid.module.css";
import type { ColumnView } from "./columns";
import styles from "./KeysTable.module.css";
import type { Column, Order } from "./order";

interface TableHeadProps {
  columns: readonly ColumnView[];
  order: Order;
  onOrder: (order: Order) => void;
  /** Of the keys that are shown. */
  selected: "all" | "some" | "none";
  onSelect: (isWanted: boolean) => void;
  /** Down from the headings. */
  onLeave: () => void;
  ref: Ref<HTMLDivElement>;
}

/** What people look for first: the latest of times, the first of words. */
function nextOrder(column: Column, order: Order): Order {
  if (order.column === column) {
    return { column, direction: order.direction === "ascending" ? "descending" : "ascending" };
  }
  return { column, direction: column === "lastUsed" || column === "created" ? "descending" : "ascending" };
}

export function TableHead(props: TableHeadProps) {
  const { columns, order, onOrder, selected, onSelect, onLeave, ref } = props;
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === "ArrowDown") onLeave();
    else if (!focusBeside(event)) return;
    event.preventDefault();
  };
  const directionOf = (id: ColumnView["id"]) => (order.column === id ? order.direction : undefined);
  const stop = columns.some(({ id }) => id === order.column) ? order.column : "name";
  return (
    <GridHead
      ref={ref}
      columns={columns}
      className={styles.column}
      sortOf={({ id }) => (id === "menu" || id === "check" ? undefined : (directionOf(id) ?? "none"))}
      onKeyDown={onKeyDown}
    >
      {({ id, title }) =>
        id === "menu" ? null : id === "check" ? (
          <button
            type="button"
            role="checkbox"
            aria-checked={selected === "some" ? "mixed" : selected === "all"}
            aria-label="Select all keys shown"
            className={grid.check}
            tabIndex={-1}
            onClick={() => onSelect(selected !== "all")}
          />
        ) : (
          <button
            type="button"
            className={styles.heading}
            tabIndex={id === stop ? 0 : -1}
            onClick={() => onOrder(nextOrder(id, order))}
          >
            {title}
            {directionOf(id) === "ascending" && <ArrowUp size="0.8125rem" aria-hidden="true" />}
            {directionOf(id) === "descending" && <ArrowDown size="0.8125rem" aria-hidden="true" />}
          </button>
        )
      }
    </GridHead>
  );
}
