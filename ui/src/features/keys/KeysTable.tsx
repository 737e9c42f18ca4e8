/** The table of keys. The keys and clicks of the list are handled here, and only here. */
import { useEffect, useLayoutEffect, useMemo, useRef, type MouseEvent, type Ref } from "react";
import { isMac } from "../../actions/keys";
import { actionOf } from "../../actions/table";
import { useAction } from "../../actions/useActions";
import type { BrowserOperation, KeyRow, TokenInCustody } from "../../bindings";
import { Grid } from "../../components/Grid";
import { MenuPart } from "../../components/MenuPart";
import { useGrid, type GridHandle } from "../../components/useGrid";
import { positionOf } from "../../components/useGridFocus";
import { markPainted } from "../../lib/painted";
import { part } from "../../lib/part";
import { countOf } from "../../lib/text";
import { useRowHeight } from "../../state/useRowHeight";
import { calledOf } from "./called";
import { cellOf, layoutFor, usualRowHeight } from "./columns";
import { ListContext, type Marks, type RowAction } from "./listContext";
import type { KeyIds } from "./listView";
import type { ListRow, Order } from "./order";
import { TableHead } from "./TableHead";
import type { Selection } from "./useSelection";

const rowMenu = part(() => import("./RowMenu").then(({ RowMenu }) => RowMenu));

const noRow = "Choose a key in the list first.";

interface KeysTableProps {
  rows: readonly ListRow[];
  order: Order;
  onOrder: (order: Order) => void;
  /** Changes with search, filters, order and team. */
  view: string;
  hasTeams: boolean;
  /** Whether what the user wrote has a column. */
  hasNotes: boolean;
  isBusy: boolean;
  selection: Selection;
  /** The row with the focus is not among those that are selected. */
  onAside: (isAside: boolean) => void;
  /** Whose menu is open. */
  menuOf: string | null;
  onMenu: (of: string | null) => void;
  cardOf: string | null;
  deleting: KeyIds;
  leaving: KeyIds;
  /** Tokens in custody, by their keys. */
  tokens: ReadonlyMap<KeyRow["id"], TokenInCustody>;
  /** What stands beside a token, by its key. */
  marks: Marks;
  /** With one row, or with several where that makes sense. */
  onAct: (action: RowAction, rows: readonly KeyRow[]) => void;
  /** Why so many can't be deleted together. */
  obstacleTo: (amount: number) => string | null;
  /** The list is the user's own. */
  isOwn: boolean;
  /** What the service has no call for. */
  inBrowser: readonly BrowserOperation[];
  /** Why nothing can be changed at the service now. */
  offline: string | null;
  ref: Ref<GridHandle>;
}

function checkLabelOf(row: KeyRow): string {
  return `Select ${calledOf(row)}`;
}

function menuButton(root: HTMLElement | null, id: string): HTMLElement | null {
  return root?.querySelector<HTMLElement>(`[role=row][data-key="${CSS.escape(id)}"] button`) ?? null;
}

function isOnCheck(target: EventTarget): boolean {
  return target instanceof Element && target.closest("[data-column=check]") !== null;
}

function isOnButton(target: EventTarget): boolean {
  return target instanceof Element && target.closest("button") !== null;
}

export function KeysTable(props: KeysTableProps) {
  const { rows, order, onOrder, view, hasTeams, hasNotes, isBusy, selection, onAside } = props;
  const {
    menuOf,
    onMenu,
    cardOf,
    deleting,
    leaving,
    tokens,
    marks,
    onAct,
    obstacleTo,
    isOwn,
    inBrowser,
    offline,
    ref,
  } = props;
  const { ids: selected, shown: chosen, toggle, extend } = selection;
  const head = useRef<HTMLDivElement>(null);
  const menuAnchor = useRef<HTMLElement>(null);

  const rowHeight = useRowHeight(usualRowHeight);
  // Before the frame that paints it, not after.
  useLayoutEffect(() => markPainted("list"), []);
  const grid = useGrid({
    rows,
    view,
    layoutFor: (width) => layoutFor(width, { hasTeams, hasNotes }, rowHeight),
    onLeaveTop: () => head.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus(),
    onExtend: extend,
    ref,
  });
  const { focus, visible } = grid;
  const { go } = focus;
  const { scroller } = visible;

  const shared = useMemo(
    () => ({
      menuOf,
      cardOf,
      deleting,
      leaving,
      tokens,
      marks,
      openMenu: (id: string) => {
        menuAnchor.current = menuButton(scroller.current, id);
        onMenu(id);
      },
    }),
    [menuOf, cardOf, deleting, leaving, tokens, marks, scroller, onMenu],
  );

  const row = rows[focus.place];
  const isAside = row !== undefined && chosen.length > 0 && !selected.has(row.id);
  useEffect(() => onAside(isAside), [onAside, isAside]);

  const onRow = (act: (row: KeyRow) => void) => (row === undefined ? noRow : () => act(row));
  /** What is selected comes before the row with the focus. */
  const subjects = chosen.length > 0 ? chosen : row === undefined ? [] : [row];
  const onSubjects = (act: (rows: readonly KeyRow[]) => void) =>
    subjects.length === 0 ? noRow : () => act(subjects);
  const thisRow = row === undefined ? null : calledOf(row);
  const these =
    subjects.length > 1 ? countOf(subjects.length, "key") : ((subjects[0] && calledOf(subjects[0])) ?? null);
  useAction("list.next", () => focus.move(1));
  useAction("list.previous", () => focus.move(-1));
  useAction(
    "selection.toggle",
    onRow(({ id }) => toggle(id)),
    thisRow,
  );
  useAction(
    "key.menu",
    row === undefined
      ? noRow
      : () => {
          visible.reveal(focus.place);
          shared.openMenu(row.id);
        },
    thisRow,
  );
  useAction(
    "key.details",
    onRow((of) => onAct("details", [of])),
    thisRow,
  );
  useAction(
    "key.token",
    row !== undefined && !tokens.has(row.id)
      ? "Its token is not in this app."
      : onRow((of) => onAct("token", [of])),
    thisRow,
  );
  useAction(
    "key.rotate",
    onRow((of) => onAct("rotate", [of])),
    thisRow,
  );
  const onServed = (act: (row: KeyRow) => void) =>
    isOwn ? "When a key of your own list is used is not known." : onRow(act);
  useAction(
    "key.swap",
    onServed((of) => onAct("swap", [of])),
    thisRow,
  );
  useAction(
    "key.retire",
    onServed((of) => onAct("retire", [of])),
    thisRow,
  );
  useAction(
    "key.duplicate",
    onRow((of) => onAct("duplicate", [of])),
    thisRow,
  );
  useAction(
    "key.editNote",
    onRow((of) => onAct("editNote", [of])),
    thisRow,
  );
  const onNoted = (act: (row: KeyRow) => void) => (isOwn ? onRow(act) : actionOf("key.note").missing);
  useAction(
    "key.note",
    onNoted((of) => onAct("note", [of])),
    thisRow,
  );
  useAction(
    "key.unlist",
    onNoted((of) => onAct("unlist", [of])),
    thisRow,
  );
  useAction(
    "key.copy",
    onSubjects((of) => onAct("copy", of)),
    these,
  );
  useAction("key.delete", obstacleTo(subjects.length) ?? onSubjects((of) => onAct("delete", of)), these);

  // With a modifier, and on the box, at once: the row that had the focus is where a range begins.
  const onMouseDown = (event: MouseEvent) => {
    const { target } = event;
    const found = positionOf(target);
    if (event.button !== 0 || found === null || isOnButton(target)) return;
    if (event.shiftKey) extend(row?.id ?? found.id, found.id);
    else if (isMac ? event.metaKey : event.ctrlKey) toggle(found.id);
    else if (!isOnCheck(target)) return;
    event.preventDefault();
    go(found.id, null);
  };
  const onClick = (event: MouseEvent) => {
    const found = positionOf(event.target);
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey;
    if (found !== null && isPlain && isOnCheck(event.target)) toggle(found.id);
  };
  const onDoubleClick = ({ target }: MouseEvent) => {
    const found = positionOf(target);
    if (found === null || isOnButton(target) || isOnCheck(target)) return;
    const of = rows.find(({ id }) => id === found.id);
    if (of !== undefined) onAct("details", [of]);
  };

  const menuRow = menuOf === null ? undefined : rows.find(({ id }) => id === menuOf);
  const menuSubjects = menuRow === undefined ? [] : selected.has(menuRow.id) ? chosen : [menuRow];
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
            selected={chosen.length === 0 ? "none" : chosen.length === rows.length ? "all" : "some"}
            onSelect={(isWanted) => (isWanted ? selection.selectAll() : selection.selectNone())}
            onLeave={() => go(rows[0]?.id ?? "", null)}
          />
        }
        cellOf={cellOf}
        selected={selected}
        checkLabelOf={checkLabelOf}
        onKeyDown={focus.onKeyDown}
        onMouseDown={onMouseDown}
        onClick={onClick}
        onDoubleClick={onDoubleClick}
        onContextMenu={(event) => {
          const found = positionOf(event.target);
          if (found === null) return;
          event.preventDefault();
          shared.openMenu(found.id);
        }}
      />
      <MenuPart part={rowMenu} isOpen={menuRow !== undefined} onDismiss={() => onMenu(null)}>
        {(RowMenu) => (
          <RowMenu
            isOpen={menuRow !== undefined}
            label={menuRow === undefined ? "Actions" : `Actions for ${calledOf(menuRow)}`}
            anchor={menuAnchor}
            amount={menuSubjects.length}
            hasToken={menuRow !== undefined && tokens.has(menuRow.id)}
            obstacle={obstacleTo(menuSubjects.length)}
            isOwn={isOwn}
            inBrowser={inBrowser}
            offline={offline}
            onClose={() => onMenu(null)}
            onAct={(action) => {
              if (menuRow === undefined) return;
              onAct(action, action === "copy" || action === "delete" ? menuSubjects : [menuRow]);
            }}
          />
        )}
      </MenuPart>
    </ListContext>
  );
}
