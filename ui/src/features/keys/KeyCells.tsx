/** What stands in the cells of a row that do more than show a text. */
import { Ellipsis, Hourglass, LockKeyhole } from "lucide-react";
import type { KeyRow, TokenInCustody } from "../../bindings";
import grid from "../../components/Grid.module.css";
import { Name } from "../../components/Name";
import { calledOf } from "./called";
import styles from "./KeysTable.module.css";
import { useListState } from "./listContext";
import { textsOf, type ListRow } from "./order";

export function NameCell({ row }: { row: KeyRow }) {
  const { cardOf, deleting, leaving } = useListState();
  return (
    <span
      className={styles.nameCell}
      data-current={cardOf === row.id || undefined}
      data-deleting={deleting.has(row.id) || undefined}
      data-leaving={leaving.has(row.id) || undefined}
    >
      <Name name={row.name} />
      {row.own && (
        <span className={styles.badge} data-tip="Pulse Keys signs in with this key">
          this app
        </span>
      )}
    </span>
  );
}

/** The last 8 characters, and whether the whole token is still here. */
export function TokenCell({ row }: { row: KeyRow }) {
  const { tokens, marks } = useListState();
  const token = tokens.get(row.id);
  const isHere = token?.lastEight === row.lastEight;
  return (
    <span className={grid.token}>
      …{row.lastEight}
      {isHere && (
        <span
          role="img"
          className={styles.kept}
          data-state={token.state}
          aria-label={token.state}
          data-tip={placeInWords(token)}
        >
          {token.state === "waiting" ? (
            <Hourglass size="0.75rem" aria-hidden="true" />
          ) : (
            <LockKeyhole size="0.75rem" aria-hidden="true" />
          )}
        </span>
      )}
      {marks.get(row.id)}
    </span>
  );
}

/** What the user wrote about it; all of that on hover and focus. */
export function NoteCell({ row: { note, isReviewDue } }: { row: ListRow }) {
  if (note === undefined) return "—";
  const texts = textsOf(note);
  return (
    <span className={styles.note}>
      <bdi className={grid.line} data-tip={texts.join(" · ")}>
        {texts[0] ?? note.reviewOn}
      </bdi>
      {isReviewDue === true && <span className={styles.due}>due</span>}
    </span>
  );
}

function placeInWords({ state, place }: TokenInCustody): string {
  if (state === "kept") return "Its token is kept in your keychain";
  return place === "memory"
    ? "Its token waits for you, in this window only"
    : "Its token waits for you in your keychain";
}

/** Opens the row's menu, which is the table's. Both are as light as can be: there is one for each row in sight. */
export function RowButton({ row }: { row: KeyRow }) {
  const { menuOf, openMenu } = useListState();
  return (
    <button
      type="button"
      className={styles.more}
      aria-label={`Actions for ${calledOf(row)}`}
      aria-haspopup="menu"
      aria-expanded={menuOf === row.id}
      onClick={() => openMenu(row.id)}
    >
      <Ellipsis size="1rem" aria-hidden="true" />
    </button>
  );
}
