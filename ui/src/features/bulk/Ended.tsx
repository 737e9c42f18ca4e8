/** How it ended, to be read in peace: all of it in a sentence, then key by key, first what asks for something. */
import { useEffect, useRef } from "react";
import type { AccountId } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Name } from "../../components/Name";
import { formatNumber } from "../../lib/text";
import { useRevocations } from "../../state/useRevocations";
import styles from "./Bulk.module.css";
import { detailOf, groupsOf, refusalIn, seenSince, titles } from "./results";
import { ResultIcon } from "./Running";
import type { BulkEnd } from "./useBulkDeletion";

interface EndedProps {
  account: AccountId;
  end: BulkEnd;
  onSignIn: () => void;
}

export function Ended({ account, end, onSignIn }: EndedProps) {
  const { confirmed } = useRevocations();
  const { message } = end;
  const results = seenSince(
    end.results,
    confirmed.filter((each) => each.account === account),
  );
  const place = useRef<HTMLDivElement>(null);
  const refusal = refusalIn(results);
  const groups = groupsOf(results, refusal);
  // What had the focus, the button to cancel, is gone with the run.
  useEffect(() => place.current?.focus(), []);
  return (
    <>
      <div className={styles.summary}>
        <ResultIcon kind={groups[0]?.kind ?? "not_tried"} />
        <p>{message}</p>
      </div>
      {refusal !== null && (
        <Banner tone="danger" actions={<Button onPress={onSignIn}>Sign in again…</Button>}>
          <p>{refusal.message}</p>
        </Banner>
      )}
      <div ref={place} className={styles.groups} role="region" aria-label="Results" tabIndex={0}>
        {groups.map(({ kind, results: members, shared }) => (
          <section key={kind} className={styles.group}>
            <h3 className={styles.title}>
              <ResultIcon kind={kind} />
              {titles[kind]}
              <span className={styles.amount}>{formatNumber(members.length)}</span>
            </h3>
            {shared !== null && shared !== "" && <p className={styles.shared}>{shared}</p>}
            <ul className={styles.members}>
              {members.map((result) => (
                <li key={result.key} className={styles.member}>
                  <span className={styles.head}>
                    <span className={styles.name}>
                      <Name name={result.name} />
                    </span>
                    <span className={styles.tail}>…{result.lastEight}</span>
                    {kind === "deleted" && shared === null && (
                      <span className={styles.when}>{detailOf(result)}</span>
                    )}
                  </span>
                  {kind !== "deleted" && shared === null && (
                    <span className={styles.evidence}>{detailOf(result)}</span>
                  )}
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}
