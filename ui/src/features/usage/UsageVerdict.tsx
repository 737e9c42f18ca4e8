/** What a search says of a key, in core's words. Never that something can be deleted without a second look. */
import { CircleAlert, Search, TriangleAlert } from "lucide-react";
import type { KeyUsage, UsageVerdict as Verdict } from "../../bindings";
import styles from "./UsageVerdict.module.css";

const icons: Record<Verdict, typeof Search> = {
  not_searched: Search,
  nothing_found: Search,
  possible: TriangleAlert,
  confirmed: CircleAlert,
};

interface UsageVerdictProps {
  usage: KeyUsage;
  /** The last 8 characters of the token that the key has now. */
  lastEight: string;
}

export function UsageVerdict({ usage, lastEight }: UsageVerdictProps) {
  const Icon = icons[usage.verdict];
  return (
    <div className={styles.verdict} data-verdict={usage.verdict}>
      <Icon size="0.9375rem" aria-hidden="true" className={styles.icon} />
      <div>
        <p className={styles.words}>{usage.words}</p>
        {usage.lastEight !== lastEight && (
          <p className={styles.more}>
            That is the token before, …{usage.lastEight}, which is dead. The key has …{lastEight} now.
          </p>
        )}
        {usage.usedBySomethingUnseen && (
          <p className={styles.more}>It was used within a day: by something that this search can’t see.</p>
        )}
      </div>
    </div>
  );
}
