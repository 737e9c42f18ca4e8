/** What stands where the table of keys would be, or above it: empty, nothing found, failed. */
import { CloudOff, KeyRound, LockKeyhole, SearchX } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import type { AccountView, UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { ErrorActions } from "../../components/ErrorActions";
import { ListState } from "../../components/ListState";
import { useTime } from "../../lib/clock";
import { guidedLine } from "../../lib/guided";
import { countOf, forDisplay, formatNumber } from "../../lib/text";
import { precise } from "../../lib/time";
import type { KeyList } from "../../state/keyList";
import styles from "./ListStates.module.css";

export function NoKeys({ account, actions }: { account: AccountView; actions: ReactNode }) {
  return (
    <ListState icon={KeyRound} title="No API keys" actions={actions}>
      {account.kind === "sandbox"
        ? "The sandbox has no keys left."
        : "Keys that are made here or in PulseAPI under Settings → API Keys show up here."}
    </ListState>
  );
}

/** The list is the user's own, and nothing is in it yet. */
export function NoKeysNoted({ actions }: { actions: ReactNode }) {
  return (
    <ListState icon={KeyRound} title="No keys in your list yet" actions={actions}>
      <p>{guidedLine}</p>
    </ListState>
  );
}

/** Says above the table whose list it is. */
export function OwnList() {
  return (
    <Banner tone="calm">
      <p>{guidedLine}</p>
    </Banner>
  );
}

interface NothingFoundProps {
  search: string;
  filters: readonly { code: string; words: string }[];
  team: string | null;
  onClearSearch: () => void;
  onClearFilters: () => void;
  onAllTeams: () => void;
}

export function NothingFound(props: NothingFoundProps) {
  const { search, filters, team, onClearSearch, onClearFilters, onAllTeams } = props;
  return (
    <ListState
      icon={SearchX}
      title={
        search !== "" ? (
          <>
            No key matches “<bdi>{forDisplay(search).shown}</bdi>”
          </>
        ) : filters.length > 0 ? (
          "No key passes the filters"
        ) : (
          "No keys in this team"
        )
      }
      actions={
        <>
          {search !== "" && <Button onPress={onClearSearch}>Clear search</Button>}
          {filters.length > 0 && <Button onPress={onClearFilters}>Clear filters</Button>}
          {team !== null && <Button onPress={onAllTeams}>Show all teams</Button>}
        </>
      }
    >
      {filters.length > 0 && (
        <p>
          {filters.length === 1 ? "Filter: " : "Filters: "}
          {filters.map(({ code, words }, place) => (
            <Fragment key={code}>
              {place > 0 && ", "}
              <bdi>{words}</bdi>
            </Fragment>
          ))}
          .
        </p>
      )}
      {team !== null && (
        <p>
          Only keys of <bdi>{team}</bdi> are shown.
        </p>
      )}
    </ListState>
  );
}

interface FailedProps {
  error: UiError;
  onRetry: () => void;
  onSignIn: () => void;
}

export function ListFailed({ error, ...actions }: FailedProps) {
  return (
    <ListState
      icon={CloudOff}
      title="The keys couldn’t be loaded"
      isAlert
      actions={<ErrorActions error={error} {...actions} />}
    >
      <p>{error.message}</p>
      <p>{error.hint}</p>
    </ListState>
  );
}

/** Nothing is remembered of the list, and it can't be asked for yet. */
export function ListWaits({ words }: { words: string }) {
  return (
    <ListState icon={LockKeyhole} title={words}>
      <p>It may be asking for its password, in a window of its own.</p>
    </ListState>
  );
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
