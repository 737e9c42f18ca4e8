/** What this machine last did with a key, as its journal has it. */
import { useMemo } from "react";
import type { AccountId, KeyRow } from "../../bindings";
import { useNow } from "../../lib/clock";
import { forDisplay } from "../../lib/text";
import { exactTime, relativeTime } from "../../lib/time";
import { actionInWords } from "../journal/entries";
import { useJournal } from "../journal/useJournal";
import styles from "./DetailsSheet.module.css";

const MOST = 5;

export function RecentActivity({ account, id }: { account: AccountId; id: KeyRow["id"] }) {
  const { journal, error } = useJournal();
  const now = useNow(10);
  const entries = useMemo(() => {
    const found = [];
    for (const entry of journal?.entries ?? []) {
      if (entry.keyId === id && entry.account === account) found.push(entry);
      if (found.length === MOST) break;
    }
    return found;
  }, [journal, account, id]);
  return (
    <section className={styles.section}>
      <h3 className={styles.title}>Recent activity</h3>
      {entries.length > 0 ? (
        <ol className={styles.activity}>
          {entries.map(({ number, at, action, outcome }) => (
            <li key={number}>
              <span className={styles.deed}>
                {actionInWords(action)}
                <span className={styles.outcome}>{forDisplay(outcome).whole}</span>
              </span>
              <time dateTime={at} title={exactTime(at)}>
                {relativeTime(at, now)}
              </time>
            </li>
          ))}
        </ol>
      ) : (
        <p className={styles.none}>
          {journal !== undefined
            ? "Nothing on this machine yet."
            : error === null
              ? "\u00a0"
              : `The journal can’t be read. ${error.message}`}
        </p>
      )}
    </section>
  );
}
