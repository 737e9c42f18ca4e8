/** What stands in place of the table of keys: there are none, nothing was found, or they could not be loaded. */
import { CloudOff, KeyRound, LockKeyhole, SearchX } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import type { AccountView, UiError } from "../../bindings";
import { Button } from "../../components/Button";
import { ErrorActions } from "../../components/ErrorActions";
import { ListState } from "../../components/ListState";
import { guidedLine } from "../../lib/guided";
import { forDisplay } from "../../lib/text";

type ListEmptyProps =
  | { kind: "no_keys"; account: AccountView; actions: ReactNode }
  | { kind: "none_noted"; actions: ReactNode }
  | ({ kind: "nothing_found" } & NothingFoundProps)
  | ({ kind: "failed" } & FailedProps)
  | { kind: "waits"; words: string };

export function ListEmpty(props: ListEmptyProps) {
  switch (props.kind) {
    case "no_keys":
      return <NoKeys {...props} />;
    case "none_noted":
      return <NoKeysNoted {...props} />;
    case "nothing_found":
      return <NothingFound {...props} />;
    case "failed":
      return <ListFailed {...props} />;
    case "waits":
      return <ListWaits {...props} />;
  }
}

function NoKeys({ account, actions }: { account: AccountView; actions: ReactNode }) {
  return (
    <ListState icon={KeyRound} title="No API keys" actions={actions}>
      {account.kind === "sandbox"
        ? "The sandbox has no keys left."
        : "Keys created here or in PulseAPI under Settings → API Keys show up here."}
    </ListState>
  );
}

/** The list is the user's own, and nothing is in it yet. */
function NoKeysNoted({ actions }: { actions: ReactNode }) {
  return (
    <ListState icon={KeyRound} title="No keys in your list yet" actions={actions}>
      <p>{guidedLine}</p>
    </ListState>
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

function NothingFound(props: NothingFoundProps) {
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

function ListFailed({ error, ...actions }: FailedProps) {
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
function ListWaits({ words }: { words: string }) {
  return (
    <ListState icon={LockKeyhole} title={words}>
      <p>It may be asking for its password, in a window of its own.</p>
    </ListState>
  );
}
