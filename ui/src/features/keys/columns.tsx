/** The table's columns: what they are called, how wide they are, and what stands in them. */
import type { ReactNode } from "react";
import grid from "../../components/Grid.module.css";
import { LastUsed } from "../../components/LastUsed";
import type { GridColumn, GridLayout } from "../../components/useGrid";
import { dateOf, exactTime } from "../../lib/time";
import { Abilities } from "./Abilities";
import { NameCell, NoteCell, RowButton, TokenCell } from "./KeyCells";
import type { Column, ListRow } from "./order";

export type ColumnView = GridColumn<Column | "check" | "menu">;

/** From how wide a table on there is room for notes, in rem. */
const noteFrom = 38.5;

const columns: readonly ColumnView[] = [
  { id: "check", title: "Selected", width: "2rem", from: 24, isCheck: true },
  { id: "name", title: "Name", width: "minmax(9rem, 1fr)", from: 0 },
  { id: "token", title: "Token", width: "6.75rem", from: 29 },
  // It gives way before names are cut.
  { id: "abilities", title: "Abilities", width: "minmax(6rem, 0.75fr)", from: 42 },
  { id: "team", title: "Team", width: "6.75rem", from: 54 },
  { id: "lastUsed", title: "Last used", width: "8.75rem", from: 0 },
  { id: "created", title: "Created", width: "6.75rem", from: 48 },
  { id: "note", title: "Your note", width: "minmax(8rem, 1.4fr)", from: noteFrom },
  { id: "menu", title: "Actions", width: "3rem", from: 0, isButton: true },
];

/** Of a row, in rem, where there is no wish for lower ones. */
export const usualRowHeight = 2.625;

/** What the column with notes takes from those that come and go, in rem. */
const noteWidth = 9.5;

interface Wanted {
  hasTeams: boolean;
  hasNotes: boolean;
}

/** What fits a table `width` rem wide. */
export function layoutFor(
  width: number,
  { hasTeams, hasNotes }: Wanted,
  rowHeight: number,
): GridLayout<ColumnView["id"]> {
  const isWanted = (id: ColumnView["id"]) => id !== "team" || hasTeams;
  const isNoted = hasNotes && width >= noteFrom;
  const room = isNoted ? width - noteWidth : width;
  return {
    columns: columns.filter(({ id, from }) => (id === "note" ? isNoted : room >= from) && isWanted(id)),
    rowHeight,
  };
}

export function cellOf(column: ColumnView["id"], row: ListRow): ReactNode {
  switch (column) {
    case "check":
      return null;
    case "name":
      return <NameCell row={row} />;
    case "token":
      return <TokenCell row={row} />;
    case "abilities":
      return <Abilities abilities={row.abilities} />;
    case "team":
      return (
        <bdi className={grid.line} data-tip={row.team?.name} data-tip-when="cut">
          {row.team?.name ?? "—"}
        </bdi>
      );
    case "lastUsed":
      return <LastUsed at={row.lastUsedAt} isKnown={row.lastUseKnown} />;
    case "created":
      return row.createdAt === null ? (
        <span data-tip="It is not known when this key was created">Unknown</span>
      ) : (
        <time dateTime={row.createdAt} data-tip={`Created ${exactTime(row.createdAt)}`}>
          {dateOf(row.createdAt)}
        </time>
      );
    case "note":
      return <NoteCell row={row} />;
    case "menu":
      return <RowButton row={row} />;
  }
}
