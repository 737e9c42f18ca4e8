/**
 * Deleting several keys in one sheet: the card, the run, and how it ended. It confirms nothing by itself: *Delete 5
 * keys…* leads to the native dialog. While the run goes on, leaving is a question.
 */
import { useEffect, useId, useMemo, useRef, useState, type SubmitEvent } from "react";
import type { AccountId, BulkResult, BulkRow, KeyRow } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { ErrorActions } from "../../components/ErrorActions";
import { Field } from "../../components/Field";
import { InlineAlert } from "../../components/InlineAlert";
import { Panel, Sentence, type Tone } from "../../components/Panel";
import { Question } from "../../components/Question";
import { FooterGap, Sheet } from "../../components/Sheet";
import { countOf } from "../../lib/text";
import { isTyped } from "../../lib/typed";
import { SkippedPlaces, SearchProgress } from "../usage";
import styles from "./Bulk.module.css";
import { Choosing } from "./Choosing";
import { Ended } from "./Ended";
import { endInWords, milestoneOf, restOf } from "./results";
import { Running } from "./Running";
import { useBulkDeletion } from "./useBulkDeletion";

interface BulkSheetProps {
  account: AccountId;
  /** As the list knows them, in its order. */
  rows: readonly KeyRow[];
  isArriving: boolean;
  /** With the last word about each key that was sent for. */
  onClose: (settled: readonly BulkResult[]) => void;
  onSent: () => void;
  onSignIn: (settled: readonly BulkResult[]) => void;
}

/** As the risk of what is ticked asks for. */
function toneOf(rows: readonly BulkRow[]): Tone {
  const risky = rows.filter((row) => row.risky);
  if (risky.length === 0) return "calm";
  return risky.every(({ friction }) => friction === "type_phrase") ? "warning" : "danger";
}

function riskInWords(amount: number): string {
  return amount === 1
    ? "1 of these keys may still be in use."
    : `${amount} of these keys may still be in use.`;
}

export function BulkSheet({ account, rows, isArriving, onClose, onSent, onSignIn }: BulkSheetProps) {
  const keys = useMemo(() => rows.map(({ id }) => id), [rows]);
  const bulk = useBulkDeletion({ account, keys, onSent });
  const { card, cardError, ticked, asked, run, end, failure } = bulk;
  const [typed, setTyped] = useState("");
  const [isLeaving, setLeaving] = useState(false);
  const form = useId();

  const chosen = card?.rows.filter(({ key }) => ticked.has(key.id)) ?? [];
  const risky = chosen.filter((row) => row.risky).length;
  const phrase = risky === 0 ? null : `delete ${countOf(chosen.length, "key")}`;
  const isAllowed = chosen.length > 0 && (phrase === null || isTyped(typed, phrase));
  const isConfirming = run?.isAnswered === false && end === null;
  const isRunning = run?.isAnswered === true && end === null;
  const isAsking = card === null && cardError === null;
  const settled = [...bulk.settled.values()];
  const rest = end === null ? [] : restOf(end.results);

  const remove = () => {
    if (!isAllowed || run !== null) return;
    setLeaving(false);
    bulk.remove(phrase === null ? null : typed.trim());
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    remove();
  };
  const dismiss = () => {
    if (isRunning) setLeaving(!isLeaving);
    else onClose(settled);
  };

  const title =
    end !== null
      ? `Deleting ${countOf(end.results.length, "key")}: ${endInWords(end)}`
      : isRunning
        ? `Deleting ${countOf(run.rows.length, "key")}`
        : `Delete ${countOf(card?.rows.length ?? asked.length, "key")}?`;

  return (
    <Sheet
      title={title}
      isBusy={isAsking || isConfirming}
      isHeld={isConfirming || (isRunning && run.isStopping)}
      isArriving={isArriving}
      isFilled
      onDismiss={dismiss}
      status={
        isConfirming
          ? "Waiting for your answer in the dialog…"
          : isRunning && run.isStopping
            ? "Stopping. The key that is on its way is finished first."
            : null
      }
      ask={
        phrase === null || end !== null || isRunning ? null : (
          <form id={form} onSubmit={submit}>
            <Field
              label={
                <>
                  Type <span className={styles.phrase}>{phrase}</span> to delete them
                </>
              }
              value={typed}
              readOnly={isConfirming}
              onChange={(event) => setTyped(event.target.value)}
            />
          </form>
        )
      }
      footer={
        end !== null ? (
          <>
            <Button onPress={() => onClose(settled)}>Close</Button>
            <FooterGap />
            {rest.length > 0 && (
              <Button
                onPress={() => {
                  setTyped("");
                  bulk.again(rest);
                }}
              >
                Try the rest again
              </Button>
            )}
          </>
        ) : isRunning && isLeaving && !run.isStopping ? (
          <Question
            question="Deleting goes on. Stop after this key?"
            back="Go on deleting"
            onBack={() => setLeaving(false)}
            go="Stop after this key"
            onGo={bulk.stop}
          />
        ) : isRunning ? (
          <CancelRest isStopping={run.isStopping} isBetween={run.waitingUntil !== null} onStop={bulk.stop} />
        ) : (
          <>
            <Button isDisabled={isConfirming} onPress={() => onClose(settled)}>
              {settled.length === 0 ? "Cancel" : "Close"}
            </Button>
            <FooterGap />
            <Button look="danger" isDisabled={!isAllowed} isPending={isConfirming} onPress={remove}>
              {chosen.length === 0 ? "Delete keys…" : `Delete ${countOf(chosen.length, "key")}…`}
            </Button>
          </>
        )
      }
    >
      <div className={styles.bulk}>
        {/* In the page from the start, and all the time. */}
        <p role="status" className={styles.heard}>
          {end !== null ? end.message : isRunning ? milestoneOf(run) : bulk.news}
        </p>
        {end !== null ? (
          <Ended account={account} end={end} onSignIn={() => onSignIn(settled)} />
        ) : isRunning ? (
          <Running run={run} />
        ) : (
          <>
            <InlineAlert>
              {bulk.changed !== null && <Banner tone="warning">{bulk.changed}</Banner>}
            </InlineAlert>
            {cardError === null ? (
              <Choosing
                account={account}
                known={asked.length === rows.length ? rows : rows.filter(({ id }) => asked.includes(id))}
                rows={card?.rows ?? null}
                search={bulk.search}
                ticked={ticked}
                isFixed={isConfirming}
                isAsking={isAsking}
                onTick={bulk.tick}
                onTickOnly={bulk.tickOnly}
              />
            ) : (
              <>
                <Panel tone="danger" role="alert">
                  <p className={styles.strong}>{cardError.message}</p>
                  {cardError.hint !== "" && <p>{cardError.hint}</p>}
                </Panel>
                <div>
                  <ErrorActions error={cardError} onRetry={bulk.ask} onSignIn={() => onSignIn(settled)} />
                </div>
              </>
            )}
            <section className={styles.search} aria-labelledby={`${form}-search`}>
              <SearchProgress
                id={`${form}-search`}
                title="Where they are used on this machine"
                search={bulk.search}
              />
              <SkippedPlaces report={bulk.search.report} />
            </section>
            {card !== null && (
              <Panel tone={toneOf(chosen)}>
                {risky > 0 && <p className={styles.strong}>{riskInWords(risky)}</p>}
                <p>
                  <Sentence>{card.consequence}</Sentence>
                </p>
              </Panel>
            )}
          </>
        )}
        <InlineAlert>
          {failure !== null && (
            <Banner
              tone="danger"
              actions={
                isRunning ? undefined : (
                  <ErrorActions
                    error={failure}
                    onRetry={bulk.ask}
                    onSignIn={() => onSignIn(settled)}
                    label="Ask again"
                  />
                )
              }
            >
              <p>{failure.message}</p>
              {failure.hint !== "" && <p>{failure.hint}</p>}
            </Banner>
          )}
        </InlineAlert>
      </div>
    </Sheet>
  );
}

interface CancelRestProps {
  isStopping: boolean;
  /** Nothing is on its way: it waits. */
  isBetween: boolean;
  onStop: () => void;
}

/** Has the focus when the run begins: what had it, the button to delete, is gone. */
function CancelRest({ isStopping, isBetween, onStop }: CancelRestProps) {
  const button = useRef<HTMLButtonElement>(null);
  const hint = useId();
  useEffect(() => {
    if (!document.activeElement?.closest("ul, [role=group]")) button.current?.focus();
  }, []);
  return (
    <>
      <span id={hint} className={styles.hint}>
        {isStopping || isBetween ? "" : "The key being deleted now is finished first."}
      </span>
      <Button ref={button} aria-describedby={hint} isPending={isStopping} onPress={onStop}>
        Cancel the rest
      </Button>
    </>
  );
}
