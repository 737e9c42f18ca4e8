/** What stands where the journal's table would be, or above it: empty, nothing matches, failed. */
import { FileX, History, SearchX } from "lucide-react";
import type { UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { ListState } from "../../components/ListState";
import { useTime } from "../../lib/clock";
import { actionInWords } from "../../lib/journalAction";
import { forDisplay } from "../../lib/text";
import { relative } from "../../lib/time";
import styles from "./ActivityTab.module.css";
import type { JournalFilter } from "./filter";

export function NothingHappened() {
  return (
    <ListState icon={History} title="Nothing has happened yet.">
      What is done to accounts and keys is written down here, on this machine only.
    </ListState>
  );
}

export function NothingMatches({ filter, onShowAll }: { filter: JournalFilter; onShowAll: () => void }) {
  const key = forDisplay(filter.key).shown;
  return (
    <ListState
      icon={SearchX}
      title="Nothing matches"
      actions={<Button onPress={onShowAll}>Show all rows</Button>}
    >
      {key !== "" && (
        <>
          No row
          {filter.action !== null && (
            <>
              {" "}
              with the action “<bdi>{actionInWords(filter.action)}</bdi>”
            </>
          )}{" "}
          has a key that matches “<bdi>{key}</bdi>”.
        </>
      )}
    </ListState>
  );
}

export function ReadFailed({ error, onRetry }: { error: UiError; onRetry: () => void }) {
  return (
    <ListState
      icon={FileX}
      title="The journal couldn’t be read"
      isAlert
      actions={<Button onPress={onRetry}>Retry</Button>}
    >
      <p>{error.message}</p>
      <p>{error.hint}</p>
    </ListState>
  );
}

interface RereadFailedProps {
  error: UiError;
  readAt: string;
  isBusy: boolean;
  onRetry: () => void;
}

export function RereadFailed({ error, readAt, isBusy, onRetry }: RereadFailedProps) {
  const age = useTime(readAt, relative);
  return (
    <Banner
      tone="warning"
      isAlert
      actions={
        <Button onPress={onRetry} isPending={isBusy}>
          Retry
        </Button>
      }
    >
      <p>
        {error.message} {error.hint}
      </p>
      <p className={styles.age}>Shown as read {age}.</p>
    </Banner>
  );
}
