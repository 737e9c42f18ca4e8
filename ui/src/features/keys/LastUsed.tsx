/** When a key was last used: a mark for how fresh that is, beside the words. */
import { useNow } from "../../lib/clock";
import { exactTime, freshness, relativeTime } from "../../lib/time";
import styles from "./LastUsed.module.css";

export function LastUsed({ at }: { at: string | null }) {
  const now = useNow(10);
  if (at === null) {
    return (
      <span className={styles.never} data-tip="The service has never seen this key used">
        Never used
      </span>
    );
  }
  return (
    <span className={styles.used} data-tip={`Last used ${exactTime(at)}`}>
      <span className={styles.mark} data-fresh={freshness(at, now)} aria-hidden="true" />
      <time dateTime={at}>{relativeTime(at, now)}</time>
    </span>
  );
}
