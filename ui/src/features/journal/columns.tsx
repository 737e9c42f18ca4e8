/** The journal's columns: what they are called, how wide they are, and what stands in them. */
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Ago } from "../../components/Ago";
import grid from "../../components/Grid.module.css";
import { Name } from "../../components/Name";
import type { GridColumn, GridLayout } from "../../components/useGrid";
import { actionInWords } from "../../lib/journalAction";
import { forDisplay, formatNumber } from "../../lib/text";
import { exactTime } from "../../lib/time";
import { type Entry } from "./entries";
import styles from "./JournalTable.module.css";
import { DetailsButton } from "./RowDetails";

type Column =
  "number" | "what" | "everything" | "when" | "account" | "action" | "key" | "outcome" | "details";

type ColumnView = GridColumn<Column>;
type Layout = GridLayout<Column>;

const details: ColumnView = { id: "details", title: "Details", width: "2.75rem", from: 0, isButton: true };

const columns: readonly ColumnView[] = [
  { id: "number", title: "Row", width: "4.125rem", from: 0 },
  { id: "when", title: "When", width: "6.75rem", from: 0 },
  { id: "account", title: "Account", width: "minmax(6rem, 10rem)", from: 46 },
  { id: "action", title: "Action", width: "8.75rem", from: 0 },
  { id: "key", title: "Key", width: "minmax(8rem, 1.25fr)", from: 0 },
  { id: "outcome", title: "Outcome", width: "minmax(7rem, 1fr)", from: 0 },
  details,
];

/** Two lines to a row, where names and outcomes would be cut to stumps; three, where even the time has no room. */
const twoLines: Layout = {
  columns: [
    { id: "what", title: "What happened", width: "minmax(0, 1fr)", from: 0 },
    { id: "when", title: "When", width: "6.5rem", from: 0 },
    details,
  ],
  rowHeight: 3,
};
const threeLines: Layout = {
  columns: [{ id: "everything", title: "What happened", width: "minmax(0, 1fr)", from: 0 }, details],
  rowHeight: 4.25,
};

/** Of a row of one line, in rem, where there is no wish for lower ones. */
export const usualRowHeight = 2.25;

/** What fits a table `width` rem wide. `rowHeight` is that of rows of one line. */
export function layoutFor(width: number, hasAccounts: boolean, rowHeight: number): Layout {
  if (width < 24) return threeLines;
  if (width < 42) return twoLines;
  return {
    columns: columns.filter(({ id, from }) => width >= from && (id !== "account" || hasAccounts)),
    rowHeight,
  };
}

export function cellOf(column: Column, entry: Entry, isBroken: boolean): ReactNode {
  switch (column) {
    case "number":
      return <Numbered entry={entry} isBroken={isBroken} />;
    case "what":
      return <What entry={entry} isBroken={isBroken} />;
    case "everything":
      return (
        <What entry={entry} isBroken={isBroken}>
          <span className={styles.muted}>
            <When at={entry.at} />
          </span>
        </What>
      );
    case "when":
      return <When at={entry.at} />;
    case "account":
      return <Text text={entry.accountLabel} />;
    case "action":
      return <Text text={actionInWords(entry.action)} />;
    case "key":
      return <KeyOf entry={entry} />;
    case "outcome":
      return <Text text={entry.outcome} />;
    case "details":
      return <DetailsButton entry={entry} />;
  }
}

interface WhatProps {
  entry: Entry;
  isBroken: boolean;
  children?: ReactNode;
}

function What({ entry, isBroken, children }: WhatProps) {
  return (
    <span className={styles.what}>
      <span className={styles.line}>
        <Numbered entry={entry} isBroken={isBroken} />
        <bdi className={styles.action}>{actionInWords(entry.action)}</bdi>
        <bdi className={styles.muted}>{forDisplay(entry.outcome).shown}</bdi>
      </span>
      <KeyOf entry={entry} />
      {children}
    </span>
  );
}

function Numbered({ entry, isBroken }: { entry: Entry; isBroken: boolean }) {
  if (!isBroken) return <span className={styles.number}>{formatNumber(entry.number)}</span>;
  return (
    <span className={styles.broken} data-tip="The first row that was changed">
      {formatNumber(entry.number)}
      <TriangleAlert size="0.875rem" role="img" aria-label="changed" />
    </span>
  );
}

function When({ at }: { at: string }) {
  return (
    <time dateTime={at} data-tip={exactTime(at)}>
      <Ago at={at} />
    </time>
  );
}

function KeyOf({ entry: { keyName, keyId, lastEight } }: { entry: Entry }) {
  if (keyName === null && keyId === null && lastEight === null) {
    return <span className={styles.muted}>—</span>;
  }
  return (
    <span className={styles.key}>
      {keyName !== null && <Name name={keyName} />}
      {lastEight !== null && <span className={grid.token}>…{lastEight}</span>}
      {keyName === null && lastEight === null && <bdi className={styles.muted}>key {keyId}</bdi>}
    </span>
  );
}

/** One line; the whole in the tip where it is cut. */
function Text({ text }: { text: string }) {
  const { shown, whole, isCut } = forDisplay(text);
  return (
    <bdi dir="auto" className={grid.line} data-tip={whole} data-tip-when={isCut ? undefined : "cut"}>
      {shown}
    </bdi>
  );
}
