/**
 * When a key was used, as far as this machine came to know: the service tells the last use only, so those between two
 * looks are missing. A strip of time from the first that is known until now, and the latest of them in words.
 */
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { AccountId, KeyRow, LastUse } from "../../bindings";
import { Ago } from "../../components/Ago";
import { Button } from "../../components/Button";
import { uiErrorOf, useHost } from "../../host/host";
import { useTime, type Telling } from "../../lib/clock";
import { countOf, formatNumber } from "../../lib/text";
import { dateOf, exactTime } from "../../lib/time";
import styles from "./LastUses.module.css";

/** So many are shown before all of them are asked for. */
const FEW = 3;
/** As many as the app keeps: before them there were others. */
const KEPT = 50;

export function LastUses({ account, row }: { account: AccountId; row: KeyRow }) {
  const host = useHost();
  const heading = useId();
  const [isWhole, setWhole] = useState(false);
  const { data, error } = useQuery({
    // With the last one that the list tells of: a new one is known here too.
    queryKey: ["last-uses", account, row.id, row.lastUsedAt],
    queryFn: () => host.call("last_uses", { account, key: row.id }),
  });
  const uses = data?.uses ?? [];
  return (
    <section className={styles.section} aria-labelledby={heading}>
      <h3 id={heading} className={styles.title}>
        When it was used
      </h3>
      {uses.length > 1 && <Strip uses={uses} />}
      {uses.length > 0 ? (
        <>
          <ol className={styles.uses} aria-label="Uses, the latest first">
            {uses.slice(0, isWhole ? KEPT : FEW).map((use) => (
              <Use key={use.usedAt} use={use} />
            ))}
          </ol>
          {uses.length > FEW && (
            <span className={styles.more}>
              <Button look="quiet" aria-expanded={isWhole} onPress={() => setWhole(!isWhole)}>
                {isWhole ? "Show fewer" : `Show all ${formatNumber(uses.length)}`}
              </Button>
            </span>
          )}
          <p className={styles.caveat}>
            PulseAPI tells only the last use, so there may have been others in between.
          </p>
        </>
      ) : (
        <p className={styles.none}>
          {data !== undefined
            ? "No use is known on this machine yet."
            : error === null
              ? "\u00a0"
              : `This can’t be read. ${uiErrorOf(error).message}`}
        </p>
      )}
    </section>
  );
}

function Use({ use: { usedAt, seenAt } }: { use: LastUse }) {
  return (
    <li title={`Pulse Keys learned of it ${exactTime(seenAt)}`}>
      <time dateTime={usedAt}>{exactTime(usedAt)}</time>
      <span className={styles.ago}>
        <Ago at={usedAt} />
      </span>
    </li>
  );
}

const MINUTE = 60_000;
const nextMinute = (now: number) => (Math.floor(now / MINUTE) + 1) * MINUTE;
/** Marks between days move too little for more. */
const byMinute: Telling<number> = { tell: (_, now) => nextMinute(now), next: (_, now) => nextMinute(now) };

/** Each use where it lies between the first one and now. */
function Strip({ uses }: { uses: readonly LastUse[] }) {
  const now = useTime(uses[0]?.usedAt ?? "", byMinute);
  const times = uses.map(({ usedAt }) => Date.parse(usedAt));
  const [first, last] = [uses.at(-1)?.usedAt ?? "", uses[0]?.usedAt ?? ""];
  const from = Math.min(...times);
  const span = Math.max(now, ...times) - from || 1;
  const isCut = uses.length >= KEPT;
  return (
    <div className={styles.strip}>
      <div
        role="img"
        aria-label={`${countOf(uses.length, "use")} between ${dateOf(first)} and ${dateOf(last)}`}
        className={styles.line}
      >
        {times.map((time) => (
          // With room for whole marks at both ends.
          <i key={time} style={{ insetInlineStart: `calc(4px + ${(time - from) / span} * (100% - 8px))` }} />
        ))}
      </div>
      <p className={styles.ends} aria-hidden="true">
        <span>
          {isCut ? "Earliest kept" : "First seen"} {dateOf(first)}
        </span>
        <span>Last seen {dateOf(last)}</span>
      </p>
    </div>
  );
}
