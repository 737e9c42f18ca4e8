/** How many rows, when they were read, and reading them anew. */
import { RefreshButton } from "../../actions/RefreshButton";
import { useTime } from "../../lib/clock";
import { countOf, formatNumber } from "../../lib/text";
import { relative } from "../../lib/time";
import { useDelayed } from "../../lib/useDelayed";
import styles from "./ActivityTab.module.css";

interface JournalFooterProps {
  shown: number;
  /** Whether more fit than were read. */
  hasMore: boolean;
  total: number;
  isFiltering: boolean;
  readAt: string;
  isReading: boolean;
  onRead: () => void;
}

export function JournalFooter(props: JournalFooterProps) {
  const { shown, hasMore, total, isFiltering, readAt, isReading, onRead } = props;
  const age = useTime(readAt, relative);
  const isLate = useDelayed(isReading);
  return (
    <footer className={styles.footer}>
      <p role="status">
        {isFiltering
          ? `${formatNumber(shown)}${hasMore ? "+" : ""} of ${countOf(total, "row")}`
          : countOf(total, "row")}
      </p>
      <span className={styles.read}>Read {age}</span>
      <RefreshButton isPending={isLate} onPress={onRead} />
    </footer>
  );
}
