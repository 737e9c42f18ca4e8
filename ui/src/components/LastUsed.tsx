/** When a key was last used: a mark for how fresh that is, beside the words. */
import { useTime } from "../lib/clock";
import { exactTime, fresh } from "../lib/time";
import { Ago } from "./Ago";
import styles from "./LastUsed.module.css";

interface LastUsedProps {
  at: string | null;
  /** False when the service didn't speak of use. */
  isKnown: boolean;
}

export function LastUsed({ at, isKnown }: LastUsedProps) {
  const freshness = useTime(at ?? "", fresh);
  if (at === null && !isKnown) {
    return (
      <span className={styles.never} data-tip="It is not known when this key was used">
        <span className={styles.mark} data-fresh="unknown" aria-hidden="true" />
        Unknown
      </span>
    );
  }
  if (at === null) {
    return (
      <span className={styles.never} data-tip="The service has never seen this key used">
        <span className={styles.mark} data-fresh="never" aria-hidden="true" />
        Never used
      </span>
    );
  }
  return (
    <span className={styles.used} data-tip={`Last used ${exactTime(at)}`}>
      <span className={styles.mark} data-fresh={freshness} aria-hidden="true" />
      <time dateTime={at}>
        <Ago at={at} />
      </time>
    </span>
  );
}
