/**
 * Which rows of a long list exist in the page: those in sight and a few around them. React Aria's table builds its
 * whole collection for each change, which takes seconds at ten thousand rows; rows of one height need no more than this.
 */
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { LIKELY_PART } from "../lib/useRem";

/** Rows kept around those in sight, so that none is missing when the engine scrolls before the page knows. */
const AROUND = 8;
/** The same while all that is in sight is new: at the start, at a letter of a search, in a jump of half a page. */
const AROUND_NEW = 1;
/** How long after the last of these the others follow, in milliseconds. */
const REST_TIME = 100;
/** Assumed where there is no layout to ask, in pixels. */
const USUAL_HEIGHT = 800;

interface RowWindow {
  /** The element that scrolls. */
  scroller: RefObject<HTMLDivElement | null>;
  /** First row that exists, and the one after the last. */
  from: number;
  to: number;
  onScroll: () => void;
  /** Scrolls a row into sight. */
  reveal: (place: number) => void;
  /** How many rows are in sight at once. */
  page: number;
}

interface RowWindowOptions {
  /** Known by their ids; what is in them doesn't matter here. */
  rows: readonly { id: string }[];
  rowHeight: number;
  headerHeight: number;
  /** Changes with search, order and filter: then the list starts at its top again. */
  view: string;
}

export function useRowWindow({ rows, rowHeight, headerHeight, view }: RowWindowOptions): RowWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(() => window.innerHeight * LIKELY_PART);
  const shown = useRef({ rows, view });
  /** The view that was on screen for a while without a jump. */
  const [restingView, setRestingView] = useState<string | null>(null);
  const isAllNew = restingView !== view;
  /** Known without asking the page, which would have to be laid out for the answer at each letter of a search. */
  const isScrolled = useRef(false);
  const lastTop = useRef(0);

  const onScroll = useCallback(() => {
    // In steps of a row: what is drawn changes no more often.
    const now = scroller.current?.scrollTop ?? 0;
    isScrolled.current = now > 0;
    const next = Math.floor(now / rowHeight) * rowHeight;
    if (Math.abs(next - lastTop.current) > height / 2) setRestingView(null);
    lastTop.current = next;
    setTop(next);
  }, [rowHeight, height]);

  useEffect(() => {
    if (!isAllNew) return;
    const timer = setTimeout(() => setRestingView(view), REST_TIME);
    return () => clearTimeout(timer);
  }, [isAllNew, top, view]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => setHeight(element.clientHeight || USUAL_HEIGHT);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // What someone reads stays under their eyes when rows come or go above it.
  useLayoutEffect(() => {
    const before = shown.current;
    shown.current = { rows, view };
    const element = scroller.current;
    if (element === null || before.rows === rows || !isScrolled.current) return;
    if (before.view !== view) {
      element.scrollTop = 0;
      return;
    }
    const place = Math.floor(element.scrollTop / rowHeight);
    const first = before.rows[place];
    if (place === 0 || first === undefined) return;
    const moved = rows.findIndex(({ id }) => id === first.id);
    if (moved !== -1 && moved !== place) element.scrollTop += (moved - place) * rowHeight;
  }, [rows, view, rowHeight]);

  const body = height - headerHeight;
  const reveal = useCallback(
    (place: number) => {
      const element = scroller.current;
      if (element === null) return;
      const start = place * rowHeight;
      if (start < element.scrollTop) element.scrollTop = start;
      else if (start + rowHeight > element.scrollTop + body) element.scrollTop = start + rowHeight - body;
      onScroll();
    },
    [rowHeight, body, onScroll],
  );

  const page = Math.max(1, Math.floor(body / rowHeight));
  const first = Math.floor(top / rowHeight);
  const around = isAllNew ? AROUND_NEW : AROUND;
  return {
    scroller,
    from: Math.max(0, Math.min(first, rows.length - page) - around),
    to: Math.min(rows.length, first + page + 1 + around),
    onScroll,
    reveal,
    page,
  };
}
