/** What the user wrote about a key, as one more thing that is known of it before something is done with it. */
import type { AccountId, KeyRow } from "../../bindings";
import { useTime } from "../../lib/clock";
import { review, reviewDate } from "../../lib/noteWords";
import { useNotes } from "../../state/useNotes";
import styles from "./Notes.module.css";

/** A term and what it says, for a list of them; nothing where there is no note. */
export function YourNote({ account, id }: { account: AccountId; id: KeyRow["id"] }) {
  const note = useNotes(account).get(id);
  const isReviewDue = useTime(note?.reviewOn ?? "", review) === "due";
  if (note === undefined) return null;
  const { purpose, owner, storedIn, reviewOn } = note;
  return (
    <>
      <dt>Your note</dt>
      <dd className={styles.note} data-selectable>
        {purpose !== "" && <bdi dir="auto">{purpose}</bdi>}
        {owner !== "" && (
          <span>
            <span className={styles.term}>Owner</span> <bdi>{owner}</bdi>
          </span>
        )}
        {storedIn !== "" && (
          <span>
            <span className={styles.term}>Kept in</span> <bdi>{storedIn}</bdi>
          </span>
        )}
        {reviewOn !== null && (
          <span>
            <span className={styles.term}>Review</span> {reviewDate(reviewOn)}
            {isReviewDue && <span className={styles.due}> · due</span>}
          </span>
        )}
      </dd>
    </>
  );
}
