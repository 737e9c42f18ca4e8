/** The table: ten thousand rows of which only those in sight exist. Keys of the list are handled here, and only here. */
import { useCallback, useMemo, useState, useSyncExternalStore, type KeyboardEvent, type RefObject } from "react";
import { ArrowDown, ArrowUp } from "lucide-react";
import {
  Cell,
  Column as AriaColumn,
  Row,
  Table,
  TableBody,
  TableHeader,
  TableLayout,
  Virtualizer,
} from "react-aria-components";
import { listActions } from "../../actions/actions";
import { dispatch } from "../../actions/useActions";
import type { KeyRow } from "../../bindings";
import { Tips } from "../../components/Tips";
import { dateOf, exactTime } from "../../lib/time";
import { Abilities } from "./Abilities";
import { NameCell, RowMenu } from "./KeyCells";
import styles from "./KeysTable.module.css";
import { LastUsed } from "./LastUsed";
import { ListContext } from "./listContext";
import type { Column, Order } from "./order";
import { focusRow, rowIdAt } from "./rowFocus";

interface KeysTableProps {
  rows: readonly KeyRow[];
  order: Order;
  onOrder: (order: Order) => void;
  hasTeams: boolean;
  cardOf: string | null;
  leaving: string | null;
  onDelete: (row: KeyRow) => void;
  region: RefObject<HTMLDivElement | null>;
}

interface ColumnView {
  id: Column | "menu";
  title: string;
  width: number | `${number}fr`;
  minWidth?: number;
  /** Left out where the pane is narrower, in rem. */
  from?: number;
}

const columns: readonly ColumnView[] = [
  { id: "name", title: "Name", width: "1fr", minWidth: 9 },
  { id: "token", title: "Token", width: 7 },
  { id: "abilities", title: "Abilities", width: 12, from: 38 },
  { id: "team", title: "Team", width: 9, from: 58 },
  { id: "lastUsed", title: "Last used", width: 9.5 },
  { id: "created", title: "Created", width: 7.25, from: 48 },
  { id: "menu", title: "", width: 3.25 },
];

function cellOf(column: ColumnView["id"], row: KeyRow) {
  switch (column) {
    case "name":
      return <NameCell row={row} />;
    case "token":
      return <span className={styles.token}>…{row.lastEight}</span>;
    case "abilities":
      return <Abilities abilities={row.abilities} />;
    case "team":
      return (
        <bdi className={styles.line} data-tip={row.team?.name} data-tip-when="cut">
          {row.team?.name ?? "—"}
        </bdi>
      );
    case "lastUsed":
      return <LastUsed at={row.lastUsedAt} />;
    case "created":
      return row.createdAt === null ? (
        "—"
      ) : (
        <time dateTime={row.createdAt} data-tip={`Created ${exactTime(row.createdAt)}`}>
          {dateOf(row.createdAt)}
        </time>
      );
    case "menu":
      return <RowMenu row={row} />;
  }
}

/** Pixels per rem: rows and columns grow with the person's text size. */
function useRem(): number {
  return useSyncExternalStore(
    () => () => undefined,
    () => parseFloat(getComputedStyle(document.documentElement).fontSize) || 16,
  );
}

/** The region's width in rem; everything fits until it is known. */
function useWidth(region: RefObject<HTMLDivElement | null>, rem: number): number {
  const subscribe = useCallback(
    (listener: () => void) => {
      const observer = new ResizeObserver(listener);
      if (region.current !== null) observer.observe(region.current);
      return () => observer.disconnect();
    },
    [region],
  );
  return useSyncExternalStore(subscribe, () => Math.round((region.current?.clientWidth ?? 0) / rem) || Infinity);
}

export function KeysTable({ rows, order, onOrder, hasTeams, cardOf, leaving, onDelete, region }: KeysTableProps) {
  const rem = useRem();
  const width = useWidth(region, rem);
  const [menuOf, setMenuOf] = useState<string | null>(null);
  const shared = useMemo(
    () => ({ menuOf, cardOf, leaving, setMenuOf, openCard: onDelete }),
    [menuOf, cardOf, leaving, onDelete],
  );
  const signature = columns
    .filter(({ id, from = 0 }) => width >= from && (id !== "team" || hasTeams))
    .map(({ id }) => id)
    .join();
  const shown = useMemo(() => columns.filter(({ id }) => signature.split(",").includes(id)), [signature]);
  const rowHeight = Math.round(2.625 * rem);
  const headingHeight = Math.round(2.25 * rem);
  const layoutOptions = useMemo(() => ({ rowHeight, headingHeight }), [rowHeight, headingHeight]);

  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const id = rowIdAt(event.target);
    const row = rows.find((each) => each.id === id);
    if (row === undefined) return;
    const isHandled = dispatch(
      listActions,
      {
        moveRow: (step) => moveFocus(event.target, step),
        openRowMenu: () => setMenuOf(row.id),
        deleteRow: () => onDelete(row),
      },
      event,
    );
    if (isHandled) event.stopPropagation();
  };

  return (
    <ListContext value={shared}>
      <Tips className={styles.tips}>
        <div
          ref={region}
          className={styles.frame}
          style={{ height: headingHeight + rows.length * rowHeight + 2 }}
          onKeyDownCapture={onKey}
          onContextMenu={(event) => {
            const id = rowIdAt(event.target);
            if (id === null) return;
            event.preventDefault();
            setMenuOf(id);
          }}
        >
          <Virtualizer layout={TableLayout} layoutOptions={layoutOptions}>
            <Table
              aria-label="API keys"
              className={styles.table ?? ""}
              sortDescriptor={order}
              onSortChange={({ column, direction }) => onOrder({ column: column as Column, direction })}
              onRowAction={(id) => focusRow(region.current, String(id))}
            >
              <TableHeader columns={shown} className={styles.header ?? ""}>
                {(column) => (
                  <AriaColumn
                    id={column.id}
                    isRowHeader={column.id === "name"}
                    allowsSorting={column.id !== "menu"}
                    width={typeof column.width === "number" ? column.width * rem : column.width}
                    minWidth={column.minWidth === undefined ? null : column.minWidth * rem}
                    textValue={column.title || "Actions"}
                    className={styles.column ?? ""}
                  >
                    {({ sortDirection }) =>
                      column.id === "menu" ? (
                        <span className={styles.hidden}>Actions</span>
                      ) : (
                        <span className={styles.heading}>
                          {column.title}
                          {sortDirection === "ascending" && <ArrowUp size={13} aria-hidden="true" />}
                          {sortDirection === "descending" && <ArrowDown size={13} aria-hidden="true" />}
                        </span>
                      )
                    }
                  </AriaColumn>
                )}
              </TableHeader>
              <TableBody items={rows} dependencies={[shown]}>
                {(row) => (
                  <Row id={row.id} columns={shown} className={styles.row ?? ""} textValue={row.name || row.lastEight}>
                    {(column) => (
                      <Cell className={styles.cell ?? ""} data-column={column.id}>
                        {cellOf(column.id, row)}
                      </Cell>
                    )}
                  </Row>
                )}
              </TableBody>
            </Table>
          </Virtualizer>
        </div>
      </Tips>
    </ListContext>
  );
}

/** j and k are the arrows by other names: the table then keeps its own account of where the focus is. */
function moveFocus(target: EventTarget, step: 1 | -1) {
  const key = step === 1 ? "ArrowDown" : "ArrowUp";
  target.dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}
