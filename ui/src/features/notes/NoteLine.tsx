/** What the user wrote about a key, in one line: for a row among others. */
import { Fragment } from "react";
import type { KeyNote } from "../../bindings";
import { useTime } from "../../lib/clock";
import { partsOf, review } from "../../lib/noteWords";
import styles from "./Notes.module.css";

export function NoteLine({ note }: { note: KeyNote }) {
  const isReviewDue = useTime(note.reviewOn ?? "", review) === "due";
  return (
    <>
      Your note:{" "}
      {partsOf(note).map((part, place) => (
        <Fragment key={part}>
          {place > 0 && " · "}
          <bdi dir="auto">{part}</bdi>
        </Fragment>
      ))}
      {isReviewDue && <span className={styles.due}> · due</span>}
    </>
  );
}
