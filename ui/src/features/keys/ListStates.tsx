/** What stands above the table of keys: whose list it is, and what is wrong with it. */
import type { UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { ErrorActions } from "../../components/ErrorActions";
import { useTime } from "../../lib/clock";
import { guidedLine } from "../../lib/guided";
import { countOf, formatNumber } from "../../lib/text";
import { precise } from "../../lib/time";
import type { KeyList } from "../../state/keyList";
import styles from "./ListStates.module.css";

/** Says above the table whose list it is. */
export function OwnList() {
  return (
    <Banner tone="calm">
      <p>{guidedLine}</p>
    </Banner>
  );
}

interface FailedProps {
  error: UiError;
  onRetry: () => void;
  onSignIn: () => void;
}

interface IncompleteProps {
  why: string;
  isBusy: boolean;
  /** None where nobody can be asked. */
  onRefresh: (() => void) | undefined;
}

/** The list arrived, and is not all of it. Keys that are known from before stay in it. */
export function ListIncomplete({ why, isBusy, onRefresh }: IncompleteProps) {
  return (
    <Banner
      tone="calm"
      actions={
        onRefresh && (
          <Button isPending={isBusy} onPress={onRefresh}>
            Refresh
          </Button>
        )
      }
    >
      <p role="status">
        {why}
        {onRefresh && " Keys already known stay."}
      </p>
    </Banner>
  );
}

interface RefreshFailedProps extends FailedProps {
  list: KeyList | undefined;
  isBusy: boolean;
}

export function RefreshFailed({ error, list, isBusy, ...actions }: RefreshFailedProps) {
  const fetchedAt = list?.fetchedAt ?? null;
  const age = useTime(fetchedAt ?? "", precise);
  return (
    <Banner tone="warning" isAlert actions={<ErrorActions error={error} isBusy={isBusy} {...actions} />}>
      <p>
        {error.message} {error.hint}
      </p>
      <p className={styles.age}>
        {fetchedAt !== null
          ? `Shown as of ${age}.`
          : list?.total !== null && list !== undefined
            ? `Only ${formatNumber(list.rows.length)} of ${countOf(list.total, "key")} arrived.`
            : "The list is not complete."}
        {error.code === "offline" && " Creating, rotating and deleting is off until PulseAPI answers."}
      </p>
    </Banner>
  );
}
