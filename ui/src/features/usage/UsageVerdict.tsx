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
  /** None while the search has said nothing yet. */
  usage: KeyUsage | null;
  /** The last 8 characters of the token that the key has now. */
  lastEight: string;
}

export function UsageVerdict({ usage, lastEight }: UsageVerdictProps) {
  const verdict = usage?.verdict ?? "not_searched";
  const Icon = icons[verdict];
  return (
    <div className={styles.verdict} data-verdict={verdict}>
      <Icon size="0.9375rem" aria-hidden="true" className={styles.icon} />
      <div>
        <p className={styles.words}>{usage?.words ?? "Nothing found so far."}</p>
        {usage !== null && usage.lastEight !== lastEight && (
          <p className={styles.more}>
            That was the token before, …{usage.lastEight}. It is dead; the key has …{lastEight} now.
          </p>
        )}
        {usage?.usedBySomethingUnseen === true && (
          <p className={styles.more}>It was used within a day: by something that this search can’t see.</p>
        )}
      </div>
    </div>
  );
}
