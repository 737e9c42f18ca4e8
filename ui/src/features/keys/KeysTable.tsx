/** The table of keys. The keys of the list are handled here, and only here. */
import { useMemo, useRef, type Ref } from "react";
import { useAction } from "../../actions/useActions";
import type { KeyRow, TokenInCustody } from "../../bindings";
import { Grid } from "../../components/Grid";
import { useGrid, type GridHandle } from "../../components/useGrid";
import { positionOf } from "../../components/useGridFocus";
import { cellOf, layoutFor } from "./columns";
import { ListContext, type RowAction } from "./listContext";
import type { Order } from "./order";
import { TableHead } from "./TableHead";

const noRow = "Choose a key in the list first.";

interface KeysTableProps {
  rows: readonly KeyRow[];
  order: Order;
  onOrder: (order: Order) => void;
  /** Changes with search, order and team. */
  view: string;
  hasTeams: boolean;
  isBusy: boolean;
  /** Whose menu is open. */
  menuOf: string | null;
  onMenu: (of: string | null) => void;
  cardOf: string | null;
  leaving: string | null;
  /** Tokens in custody, by their keys. */
  tokens: ReadonlyMap<KeyRow["id"], TokenInCustody>;
  onAct: (action: RowAction, row: KeyRow) => void;
  ref: Ref<GridHandle>;
}

export function KeysTable(props: KeysTableProps) {
  const {
    rows,
    order,
    onOrder,
    view,
    hasTeams,
    isBusy,
    menuOf,
    onMenu,
    cardOf,
    leaving,
    tokens,
    onAct,
    ref,
  } = props;
  const head = useRef<HTMLDivElement>(null);
  const shared = useMemo(
    () => ({ menuOf, cardOf, leaving, tokens, setMenuOf: onMenu, act: onAct }),
    [menuOf, onMenu, cardOf, leaving, tokens, onAct],
  );

  const grid = useGrid({
    rows,
    view,
    layoutFor: (width) => layoutFor(width, hasTeams),
    onLeaveTop: () => head.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus(),
    ref,
  });
  const { focus } = grid;

  const row = rows[focus.place];
  const onRow = (act: (row: KeyRow) => void) => (row === undefined ? noRow : () => act(row));
  useAction("list.next", () => focus.move(1));
  useAction("list.previous", () => focus.move(-1));
  useAction(
    "key.menu",
    onRow(({ id }) => onMenu(id)),
  );
  useAction(
    "key.token",
    onRow((of) => onAct("token", of)),
  );
  useAction(
    "key.rotate",
    onRow((of) => onAct("rotate", of)),
  );
  useAction(
    "key.duplicate",
    onRow((of) => onAct("duplicate", of)),
  );
  useAction(
    "key.delete",
    onRow((of) => onAct("delete", of)),
  );

  return (
    <ListContext value={shared}>
      <Grid
        label="API keys"
        grid={grid}
        rows={rows}
        isBusy={isBusy}
        head={
          <TableHead
            ref={head}
            columns={grid.columns}
            order={order}
            onOrder={onOrder}
            onLeave={() => focus.go(rows[0]?.id ?? "", null)}
          />
        }
        cellOf={cellOf}
        onKeyDown={focus.onKeyDown}
        onContextMenu={(event) => {
          const found = positionOf(event.target);
          if (found === null) return;
          event.preventDefault();
          onMenu(found.id);
        }}
      />
    </ListContext>
  );
}
