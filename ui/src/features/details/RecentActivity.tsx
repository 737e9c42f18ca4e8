/** What this machine last did with a key, as its journal has it. */
import type { AccountId, KeyRow } from "../../bindings";
import { Ago } from "../../components/Ago";
import { actionInWords } from "../../lib/journalAction";
import { forDisplay } from "../../lib/text";
import { exactTime } from "../../lib/time";
import styles from "./DetailsSheet.module.css";
import { useRecentActivity } from "./useRecentActivity";

const MAX_ROWS = 5;

export function RecentActivity({ account, id }: { account: AccountId; id: KeyRow["id"] }) {
  const { rows, error } = useRecentActivity(account, id, MAX_ROWS);
  return (
    <section className={styles.section}>
      <h3 className={styles.title}>Recent activity</h3>
      {rows !== undefined && rows.length > 0 ? (
        <ol className={styles.activity}>
          {rows.map(({ number, at, action, outcome }) => (
            <li key={number}>
              <span className={styles.action}>
                {actionInWords(action)}
                <span className={styles.outcome}>{forDisplay(outcome).whole}</span>
              </span>
              <time dateTime={at} title={exactTime(at)}>
                <Ago at={at} />
              </time>
            </li>
          ))}
        </ol>
      ) : (
        <p className={styles.none}>
          {rows !== undefined
            ? "Nothing on this machine yet."
            : error === null
              ? "\u00a0"
              : `The journal can’t be read. ${error.message}`}
        </p>
      )}
    </section>
  );
}
