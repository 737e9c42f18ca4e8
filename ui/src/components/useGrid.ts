/**
 * What a table is by its measures: which columns fit, how tall it is, which rows exist and which has the focus. `Grid`
 * draws it.
 */
import { useImperativeHandle, useState, type Ref } from "react";
import { useRem, useWidthInRem } from "../lib/useRem";
import { useGridFocus } from "./useGridFocus";
import { useRowWindow } from "./useRowWindow";

export interface GridColumn<Id extends string> {
  id: Id;
  title: string;
  /** As a track of a CSS grid. */
  width: string;
  /** Left out where the table is narrower, in rem. */
  from: number;
  /** Nothing but the row's button, which has the focus in its cell's place. Its title is only said. */
  isButton?: boolean;
  /** The row's check box, of tables whose rows can be selected. The grid draws it. */
  isCheck?: boolean;
}

/** What fits a table of some width. The first column, but for the check box, names the row. */
export interface GridLayout<Id extends string> {
  columns: readonly GridColumn<Id>[];
  /** Of a row, in rem. */
  rowHeight: number;
}

export interface GridHandle {
  /** Puts the focus on a row, or on the first one. */
  focusRow: (id: string | null) => void;
  /** Puts it back on the row that had it last. */
  focusCurrent: () => void;
}

interface GridOptions<Id extends string> {
  rows: readonly { id: string }[];
  /** Changes with search, order and filter: then the list starts at its top again. */
  view: string;
  /** For a table `width` rem wide. */
  layoutFor: (width: number) => GridLayout<Id>;
  /** Up from the first row. */
  onLeaveTop?: () => void;
  /** Moved with Shift from a row to another. */
  onExtend?: (from: string, to: string) => void;
  ref: Ref<GridHandle>;
}

export function useGrid<Id extends string>(options: GridOptions<Id>) {
  const { rows, view, layoutFor, onLeaveTop, onExtend, ref } = options;
  const rem = useRem();
  const [width, setWidth] = useState(Infinity);
  const { columns, rowHeight: height } = layoutFor(width);
  const rowHeight = Math.round(height * rem);
  const headerHeight = Math.round(2.25 * rem);

  const visible = useRowWindow({ rows, rowHeight, headerHeight, view });
  const { scroller, page, reveal } = visible;
  const measured = useWidthInRem(scroller, rem);
  // The width decides about the height of rows, which the measured element is made with.
  if (measured !== width) setWidth(measured);
  const focus = useGridFocus({
    scroller,
    rows,
    cells: columns.length,
    firstCell: columns.findIndex(({ isCheck }) => isCheck !== true),
    page,
    reveal,
    onLeaveTop,
    onExtend,
  });
  const { go, stop } = focus;
  useImperativeHandle(
    ref,
    () => ({
      focusRow: (id) => {
        const target = rows.find((row) => row.id === id) ?? rows[0];
        if (target !== undefined) go(target.id, null);
      },
      focusCurrent: () => {
        const target = rows[stop];
        if (target !== undefined) go(target.id, null);
      },
    }),
    [rows, stop, go],
  );

  return { columns, rowHeight, headerHeight, visible, focus };
}
