/** How many rows, when they were read, and reading them anew. */
import { RefreshCw } from "lucide-react";
import { windowActions } from "../../actions/actions";
import { ariaKeys, sayKeys } from "../../actions/keys";
import { Button } from "../../components/Button";
import { useNow } from "../../lib/clock";
import { countOf, formatNumber } from "../../lib/text";
import { preciseAge } from "../../lib/time";
import { useDelayed } from "../../lib/useDelayed";
import styles from "./ActivityTab.module.css";

interface JournalFooterProps {
  shown: number;
  total: number;
  isFiltering: boolean;
  readAt: string;
  isReading: boolean;
  onRead: () => void;
}

export function JournalFooter({ shown, total, isFiltering, readAt, isReading, onRead }: JournalFooterProps) {
  const now = useNow();
  const isLate = useDelayed(isReading);
  const { refresh } = windowActions;
  return (
    <footer className={styles.footer}>
      <p role="status">
        {isFiltering ? `${formatNumber(shown)} of ${countOf(total, "row")}` : countOf(total, "row")}
      </p>
      <span className={styles.read}>Read {preciseAge(readAt, now)}</span>
      <Button
        look="quiet"
        isIcon
        aria-label={`${refresh.title} (${sayKeys(refresh.keys[0])})`}
        aria-keyshortcuts={ariaKeys(refresh.keys)}
        isPending={isLate}
        onPress={onRead}
      >
        <RefreshCw size="0.875rem" aria-hidden="true" />
      </Button>
    </footer>
  );
}
