/** Rows that were read out of a table, each with what it would do; taken only where they are ticked. */
import { Choice } from "./Choice";

interface ReviewedRow {
  /** Of the table; counted from 1. */
  line: number;
  label: string;
  /** What it would do, or why it can't be taken. */
  meaning: string;
  isTaken: boolean;
}

interface RowReviewProps {
  label: string;
  /** About the table as a whole. */
  remarks: readonly string[];
  rows: readonly ReviewedRow[];
  ticked: ReadonlySet<number>;
  onTick: (ticked: ReadonlySet<number>) => void;
}

export function RowReview({ label, remarks, rows, ticked, onTick }: RowReviewProps) {
  const tick = (line: number, isTicked: boolean) => {
    const now = new Set(ticked);
    if (isTicked) now.add(line);
    else now.delete(line);
    onTick(now);
  };
  return (
    <>
      <div role="status">
        {remarks.map((remark) => (
          <p key={remark}>{remark}</p>
        ))}
      </div>
      {rows.length > 0 && (
        <section role="group" aria-label={label}>
          {rows.map((row) => (
            <Choice
              key={row.line}
              type="checkbox"
              label={<bdi>{row.label}</bdi>}
              meaning={row.meaning}
              isChosen={ticked.has(row.line)}
              isDisabled={!row.isTaken}
              onChange={(isTicked) => tick(row.line, isTicked)}
            />
          ))}
        </section>
      )}
    </>
  );
}
