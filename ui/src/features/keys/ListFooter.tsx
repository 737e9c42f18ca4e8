/** How many keys, how old the list is, and getting it anew. */
import { RefreshButton } from "../../actions/RefreshButton";
import { useNow } from "../../lib/clock";
import { countOf, formatNumber } from "../../lib/text";
import { preciseAge } from "../../lib/time";
import { useDelayed } from "../../lib/useDelayed";
import type { KeyList } from "./keyList";
import styles from "./KeysTab.module.css";

interface ListFooterProps {
  list: KeyList;
  shown: number;
  isNarrowed: boolean;
  isRefreshing: boolean;
  onRefresh: () => void;
}

function countIn({ rows, fetchedAt, total }: KeyList, shown: number, isNarrowed: boolean): string {
  if (total !== null && fetchedAt === null)
    return `${formatNumber(rows.length)} of ${countOf(total, "key")} loaded`;
  return isNarrowed
    ? `${formatNumber(shown)} of ${countOf(rows.length, "key")}`
    : countOf(rows.length, "key");
}

export function ListFooter({ list, shown, isNarrowed, isRefreshing, onRefresh }: ListFooterProps) {
  const isLate = useDelayed(isRefreshing);
  return (
    <footer className={styles.footer}>
      <p role="status">{countIn(list, shown, isNarrowed)}</p>
      <Age fetchedAt={list.fetchedAt} isRefreshing={isRefreshing} />
      <RefreshButton isPending={isLate} onPress={onRefresh} />
    </footer>
  );
}

function Age({ fetchedAt, isRefreshing }: { fetchedAt: string | null; isRefreshing: boolean }) {
  const now = useNow();
  if (fetchedAt === null)
    return <span className={styles.age}>{isRefreshing ? "Loading…" : "Not complete"}</span>;
  return <span className={styles.age}>Updated {preciseAge(fetchedAt, now)}</span>;
}
