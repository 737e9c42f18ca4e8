/** What stands above the table of keys when something is wrong with it. */
import type { UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { ErrorActions } from "../../components/ErrorActions";
import { useTime } from "../../lib/clock";
import { countOf, formatNumber } from "../../lib/text";
import { relative } from "../../lib/time";
import type { KeyList } from "../../state/keyList";
import styles from "./ListTrouble.module.css";

type ListTroubleProps =
  ({ kind: "failed" } & RefreshFailedProps) | ({ kind: "incomplete" } & IncompleteProps);

export function ListTrouble(trouble: ListTroubleProps) {
  return trouble.kind === "failed" ? <RefreshFailed {...trouble} /> : <ListIncomplete {...trouble} />;
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
function ListIncomplete({ why, isBusy, onRefresh }: IncompleteProps) {
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

function RefreshFailed({ error, list, isBusy, onRetry, onSignIn }: RefreshFailedProps) {
  const fetchedAt = list?.fetchedAt ?? null;
  const age = useTime(fetchedAt ?? "", relative);
  return (
    <Banner
      tone="warning"
      isAlert
      actions={<ErrorActions error={error} isBusy={isBusy} onRetry={onRetry} onSignIn={onSignIn} />}
    >
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
