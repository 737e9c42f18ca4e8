/**
 * Where no program on this machine can look, for the user to look and to tick. Kept with the key until it is gone;
 * a tick decides nothing.
 */
import { useId } from "react";
import type { AccountId, KeyRow } from "../../bindings";
import { Ago } from "../../components/Ago";
import { Choice } from "../../components/Choice";
import { exactTime } from "../../lib/time";
import styles from "./Checklist.module.css";
import { useChecklist } from "./useChecklist";

export function Checklist({ account, id }: { account: AccountId; id: KeyRow["id"] }) {
  const { items, failure, tick } = useChecklist(account, id);
  const heading = useId();
  const ticked = items?.filter(({ tickedAt }) => tickedAt !== null).length ?? 0;
  return (
    <section className={styles.section} role="group" aria-labelledby={heading}>
      <h3 id={heading} className={styles.title}>
        What only you can look at
        {items !== null && (
          <span className={styles.count}>
            {ticked} of {items.length} done
          </span>
        )}
      </h3>
      {items?.map(({ place, title, hint, tickedAt }) => (
        <Choice
          key={place}
          type="checkbox"
          label={
            <span className={styles.label}>
              {title}
              {tickedAt !== null && (
                <time
                  aria-hidden="true"
                  dateTime={tickedAt}
                  title={exactTime(tickedAt)}
                  className={styles.at}
                >
                  <Ago at={tickedAt} />
                </time>
              )}
            </span>
          }
          meaning={hint}
          isChosen={tickedAt !== null}
          onChange={(isTicked) => tick(place, isTicked)}
        />
      ))}
      <div role="alert">
        {failure !== null && (
          <p className={styles.failure}>
            {failure.message} {failure.hint}
          </p>
        )}
      </div>
    </section>
  );
}
