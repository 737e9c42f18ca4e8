/**
 * Where the focus is in the table: on a row, or on one of its cells. One tab stop; the arrows do the rest. The focused
 * row stays in the page while it is scrolled out of sight, so the focus can't get lost.
 */
import {
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
} from "react";

export interface GridPosition {
  id: string;
  /** The cell, counted from 0; the row itself if null. */
  cell: number | null;
}

interface GridFocusOptions {
  scroller: RefObject<HTMLDivElement | null>;
  rows: readonly { id: string }[];
  cells: number;
  /** Where the arrow leads to from the row: past the check box, which does no more than a key on the row. */
  firstCell: number;
  page: number;
  reveal: (place: number) => void;
  /** Up from the first row. */
  onLeaveTop?: (() => void) | undefined;
  /** Moved with Shift from a row to another. */
  onExtend?: ((from: string, to: string) => void) | undefined;
}

export function useGridFocus(options: GridFocusOptions) {
  const { scroller, rows, cells, firstCell, page, reveal, onLeaveTop, onExtend } = options;
  const [position, setPosition] = useState<GridPosition | null>(null);
  const isWanted = useRef(false);
  const places = useRef({ rows, place: 0 });

  const place = position === null ? -1 : rows.findIndex(({ id }) => id === position.id);
  // The tab stop: the focused row, or the first one.
  const stop = place === -1 ? 0 : place;

  const go = useCallback(
    (id: string, cell: number | null) => {
      isWanted.current = true;
      setPosition({ id, cell });
      const target = rows.findIndex((row) => row.id === id);
      if (target !== -1) reveal(target);
    },
    [rows, reveal],
  );

  /** So many rows on, in the same column; nowhere past the ends. */
  const move = (step: number) => {
    const to = rows[place + step];
    if (to !== undefined) go(to.id, position?.cell ?? null);
  };

  // After drawing, so that a row that was out of sight exists by now.
  useLayoutEffect(() => {
    const root = scroller.current;
    if (root === null) return;
    const before = places.current;
    places.current = { rows, place: stop };
    if (position !== null && place === -1 && before.rows !== rows) {
      // The row is gone; the focus goes on from the next one.
      const next = nextLeft(before.rows, before.place, rows);
      isWanted.current ||= document.activeElement === document.body;
      setPosition(next === undefined ? null : { id: next.id, cell: null });
      return;
    }
    if (!isWanted.current || position === null) return;
    const row = rowElement(root, position.id);
    const cell = position.cell === null ? null : (row?.children[position.cell] ?? null);
    const inside = cell?.querySelector<HTMLElement>("button, [role=checkbox]");
    const target = inside ?? (cell instanceof HTMLElement ? cell : row);
    if (target === null) return;
    isWanted.current = false;
    target.focus({ preventScroll: true });
  }, [scroller, rows, position, place, stop]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || position === null || place === -1) return;
    // The headings have keys of their own.
    if (positionOf(event.target) === null) return;
    const to = (next: number) => {
      const row = rows[Math.max(0, Math.min(next, rows.length - 1))];
      if (row === undefined) return;
      if (event.shiftKey) onExtend?.(position.id, row.id);
      go(row.id, position.cell);
    };
    switch (event.key) {
      case "ArrowDown":
        to(place + 1);
        break;
      case "ArrowUp":
        if (place === 0 && !event.shiftKey) onLeaveTop?.();
        else to(place - 1);
        break;
      case "PageDown":
        to(place + page);
        break;
      case "PageUp":
        to(place - page);
        break;
      case "Home":
        to(0);
        break;
      case "End":
        to(rows.length - 1);
        break;
      case "ArrowRight":
        go(position.id, position.cell === null ? firstCell : Math.min(position.cell + 1, cells - 1));
        break;
      case "ArrowLeft":
        go(position.id, position.cell === null || position.cell === 0 ? null : position.cell - 1);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  const onFocus = (event: FocusEvent) => {
    const found = positionOf(event.target);
    if (found === null) return;
    setPosition((now) => (now?.id === found.id && now.cell === found.cell ? now : found));
  };

  return { position, place, stop, go, move, onKeyDown, onFocus };
}

/** After rows have gone: the first one after `place` that is still there, or else the last one before. */
function nextLeft<Row extends { id: string }>(
  before: readonly Row[],
  place: number,
  rows: readonly Row[],
): Row | undefined {
  const left = new Map(rows.map((row) => [row.id, row]));
  const isLeft = ({ id }: Row) => left.has(id);
  const found = before.slice(place).find(isLeft) ?? before.slice(0, place).findLast(isLeft);
  return found === undefined ? rows[0] : left.get(found.id);
}

function rowElement(root: HTMLElement, id: string): HTMLElement | null {
  return root.querySelector<HTMLElement>(`[role=row][data-key="${CSS.escape(id)}"]`);
}

/** The position of an element inside the table's body. */
export function positionOf(target: EventTarget | null): GridPosition | null {
  if (!(target instanceof Element)) return null;
  const row = target.closest<HTMLElement>("[role=row][data-key]");
  const id = row?.dataset.key;
  if (row === null || id === undefined) return null;
  const cell = Array.from(row.children).findIndex((each) => each.contains(target));
  return { id, cell: cell === -1 ? null : cell };
}
