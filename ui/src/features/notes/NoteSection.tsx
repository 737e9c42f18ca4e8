/** What the user wrote about a key, among all that is known of it, and the way to writing it. */
import { StickyNote } from "lucide-react";
import { useId } from "react";
import type { AccountId, KeyRow } from "../../bindings";
import { Button } from "../../components/Button";
import { useTime } from "../../lib/clock";
import { review, reviewDate } from "../../lib/noteWords";
import { useNotes } from "../../state/useNotes";
import styles from "./Notes.module.css";

interface NoteSectionProps {
  account: AccountId;
  id: KeyRow["id"];
  onEdit: () => void;
}

export function NoteSection({ account, id, onEdit }: NoteSectionProps) {
  const note = useNotes(account).get(id);
  const heading = useId();
  const isDue = useTime(note?.reviewOn ?? "", review) === "due";
  return (
    <section className={styles.section} aria-labelledby={heading}>
      <div className={styles.head}>
        <h3 id={heading} className={styles.title}>
          Your note
        </h3>
        <Button onPress={onEdit}>
          <StickyNote size="0.9375rem" aria-hidden="true" />
          {note === undefined ? "Add a note…" : "Edit note…"}
        </Button>
      </div>
      {note === undefined ? (
        <p className={styles.none}>What it is for, whom to ask, where its token is kept.</p>
      ) : (
        <dl className={styles.facts} data-selectable>
          <Fact term="For">{note.purpose}</Fact>
          <Fact term="Owner">{note.owner}</Fact>
          <Fact term="Kept in">{note.storedIn}</Fact>
          {note.reviewOn !== null && (
            <>
              <dt>Review</dt>
              <dd>
                {reviewDate(note.reviewOn)}
                {isDue && <span className={styles.due}> · due</span>}
              </dd>
            </>
          )}
        </dl>
      )}
    </section>
  );
}

function Fact({ term, children }: { term: string; children: string }) {
  if (children === "") return null;
  return (
    <>
      <dt>{term}</dt>
      <dd>
        <bdi dir="auto">{children}</bdi>
      </dd>
    </>
  );
}
