/**
 * The form for a new key. It is left by being sent, or after a word when something is typed; its answer, a token, is
 * shown elsewhere.
 */
import { useRef, useState, type SubmitEvent } from "react";
import type {
  AccountView,
  CreateOutcome,
  KeyRow,
  NextStep,
  TeamView,
  TokenInCustody,
  UiError,
} from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { ErrorActions } from "../../components/ErrorActions";
import { Field } from "../../components/Field";
import { InlineAlert } from "../../components/InlineAlert";
import { PanelSkeleton } from "../../components/Panel";
import { Question } from "../../components/Question";
import { Sheet } from "../../components/Sheet";
import { countOf } from "../../lib/text";
import { useDelayed } from "../../lib/useDelayed";
import { labelOf } from "../../navigation/sheets";
import { SLOW_AFTER_MS, SLOW_MESSAGE } from "../../state/slowAnswer";
import { AbilityPicker } from "./AbilityPicker";
import styles from "./CreateSheet.module.css";
import { EVERYTHING, isSameDraft, lengthOf, type Draft } from "./draft";
import { useCreation, type Place } from "./useCreation";

/** How close to its limit a name is told about it, in characters. */
const NEAR = 20;

interface CreateSheetProps {
  account: AccountView;
  /** The team that the key is for; none means that of the credential. */
  team: string | null;
  first: Draft;
  /** Typed before, in a form that had to be left: then leaving this one asks too. */
  isResumed: boolean;
  /** What keys are called already. */
  names: readonly string[];
  /** Keys that are gone since this sheet opened. */
  gone: ReadonlySet<KeyRow["id"]>;
  onClose: () => void;
  onSent: () => void;
  onCreated: (token: TokenInCustody) => void;
  /** What came of a creation whose sheet was left while it ran. */
  onLate: (draft: Draft, outcome: CreateOutcome | UiError) => void;
  onNext: (step: NextStep) => void;
  onSignIn: (draft: Draft) => void;
  /** The service has no call for it: to the steps in the browser. */
  onInBrowser: () => void;
}

export function CreateSheet(props: CreateSheetProps) {
  const { account, team, first, isResumed, names, gone, onClose, onNext, onSignIn, onInBrowser } = props;
  const creation = useCreation({
    account: account.id,
    team,
    first,
    onSent: props.onSent,
    onCreated: props.onCreated,
    onLate: props.onLate,
  });
  const { draft, form, formError, isCreating, errors, lost } = creation;
  const [isLeaving, setLeaving] = useState(false);
  const name = useRef<HTMLInputElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const isLate = useDelayed(creation.isAsking);
  const isSlow = useDelayed(isCreating, SLOW_AFTER_MS);

  const dismiss = () => {
    if (isLeaving) setLeaving(false);
    else if (isResumed || !isSameDraft(draft, first)) setLeaving(true);
    else onClose();
  };
  const goTo = (place: Place | null) => {
    if (place === "name") name.current?.focus();
    if (place === "abilities") search.current?.focus();
  };
  const create = async () => goTo(await creation.create());
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void create();
  };
  const named = account.teams.find(({ id }) => id === (team ?? account.currentTeam)) ?? null;
  const next = lost?.next ?? null;
  const isLost = lost !== null && !(next?.kind === "delete_key" && gone.has(next.key));

  return (
    <Sheet
      title="Create API key"
      isBusy={creation.isAsking || isCreating}
      isHeld={isCreating}
      onDismiss={dismiss}
      status={isSlow ? SLOW_MESSAGE : null}
      footer={
        isLeaving ? (
          <Question
            question="Discard this key?"
            back="Keep editing"
            onBack={() => setLeaving(false)}
            go="Discard"
            onGo={onClose}
          />
        ) : (
          <>
            {isSlow ? (
              <Button
                onPress={() => {
                  creation.leave();
                  onClose();
                }}
              >
                Leave it running
              </Button>
            ) : (
              <Button isDisabled={isCreating} onPress={dismiss}>
                Cancel
              </Button>
            )}
            <p className={styles.summary}>
              <span role="status">{isCreating ? "Creating the key…" : ""}</span>
              {!isCreating && <Summary team={named} abilities={draft.abilities} />}
            </p>
            <Button
              look="primary"
              isDisabled={form === null}
              isPending={isCreating}
              onPress={() => void create()}
            >
              Create key
            </Button>
          </>
        )
      }
    >
      <form onSubmit={submit}>
        <Field
          ref={name}
          label="Name"
          autoFocus
          onFocus={(event) => {
            // The proposed name of a copy is there to be typed over.
            if (draft === first) event.target.select();
          }}
          value={draft.name}
          readOnly={isCreating}
          error={errors.name ?? null}
          help={helpFor(draft.name, names, form?.longestName ?? null)}
          onChange={(event) => creation.rename(event.target.value)}
        />
      </form>
      <TeamLine team={named} error={errors.team ?? null} hasOthers={account.teams.length > 1} />
      {form === null ? (
        <section className={styles.pending} aria-label="Abilities">
          <h3 className={styles.heading}>Abilities</h3>
          {formError === null ? (
            <PanelSkeleton said="Asking the service which abilities there are…" isShown={isLate} />
          ) : (
            <Banner
              tone="danger"
              isAlert
              actions={
                <ErrorActions error={formError} onRetry={creation.ask} onSignIn={() => onSignIn(draft)} />
              }
            >
              <p>Which abilities there are could not be found out. {formError.message}</p>
              {formError.hint !== "" && <p>{formError.hint}</p>}
            </Banner>
          )}
        </section>
      ) : (
        <AbilityPicker
          form={form}
          chosen={draft.abilities}
          onChoose={creation.choose}
          vanished={creation.vanished}
          error={errors.abilities ?? null}
          isDisabled={isCreating}
          ref={search}
        />
      )}
      <InlineAlert>
        {form !== null && formError !== null && (
          <Banner
            tone="warning"
            actions={
              <ErrorActions error={formError} onRetry={creation.ask} onSignIn={() => onSignIn(draft)} />
            }
          >
            The abilities could not be asked for again. {formError.message} {formError.hint}
          </Banner>
        )}
        {isLost && (
          <Banner
            tone="danger"
            actions={
              next === null ? undefined : (
                <Button autoFocus onPress={() => onNext(next)}>
                  {labelOf(next)}
                </Button>
              )
            }
          >
            {lost.message}
          </Banner>
        )}
        {errors.form !== undefined && (
          <Banner
            tone="danger"
            actions={
              <ErrorActions error={errors.form} onSignIn={() => onSignIn(draft)} onInBrowser={onInBrowser} />
            }
          >
            <p>{errors.form.message}</p>
            {errors.form.hint !== "" && <p>{errors.form.hint}</p>}
          </Banner>
        )}
      </InlineAlert>
    </Sheet>
  );
}

function helpFor(name: string, names: readonly string[], longest: number | null): string | undefined {
  const left = longest === null ? Infinity : longest - lengthOf(name);
  if (left < 0) return `${countOf(-left, "character")} too many.`;
  if (left <= NEAR) return `${countOf(left, "character")} left.`;
  const wanted = name.trim().toLowerCase();
  if (wanted !== "" && names.some((each) => each.trim().toLowerCase() === wanted)) {
    return "There is a key of this name already. You can have another; only the last 8 characters will tell them apart.";
  }
  return undefined;
}

interface TeamLineProps {
  team: TeamView | null;
  error: UiError | null;
  hasOthers: boolean;
}

/** Whose resources the key will reach: chosen outside, shown here, and where the service's objections to it land. */
function TeamLine({ team, error, hasOthers }: TeamLineProps) {
  return (
    <section className={styles.team} aria-label="Team">
      <p>
        <span className={styles.label}>Team</span>{" "}
        {team === null ? "that of this account’s own key" : <bdi>{team.name}</bdi>}
      </p>
      {hasOthers && (
        <p className={styles.help}>To create it for another team, choose that team at the top left.</p>
      )}
      <div role="alert" className={styles.error}>
        {error !== null && `${error.message} ${error.hint}`}
      </div>
    </section>
  );
}

function Summary({ team, abilities }: { team: TeamView | null; abilities: ReadonlySet<string> }) {
  const { size } = abilities;
  if (size === 0) return "No abilities yet";
  return (
    <>
      {abilities.has(EVERYTHING) ? "Full access" : size === 1 ? "1 ability" : `${size} abilities`}
      {team !== null && (
        <>
          {" "}
          in <bdi>{team.name}</bdi>
        </>
      )}
    </>
  );
}
