/**
 * The rotate card: who the key is, what is known of its use, why it is rotated and what that means, and where the new
 * token will be wanted on this machine. It confirms nothing by itself: *Rotate key…* leads to the native dialog. The
 * new token is shown elsewhere.
 */
import { useCallback, useId, useState } from "react";
import type {
  AccountId,
  KeyRow,
  NextStep,
  PlacesWritten,
  RotateOutcome,
  RotateReason,
  TokenInCustody,
  UiError,
} from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Choice } from "../../components/Choice";
import { ErrorActions } from "../../components/ErrorActions";
import { Evidence } from "../../components/Evidence";
import { Identity } from "../../components/Identity";
import { InlineAlert } from "../../components/InlineAlert";
import { NameInTitle } from "../../components/Name";
import { Panel, Sentence } from "../../components/Panel";
import { FooterGap, Sheet } from "../../components/Sheet";
import { useHost } from "../../host/host";
import { countOf } from "../../lib/text";
import { useDelayed } from "../../lib/useDelayed";
import { labelOf } from "../../navigation/sheets";
import { SLOW_AFTER_MS, SLOW_MESSAGE } from "../../state/slowAnswer";
import { YourNote } from "../notes";
import { CiBeforeRotation, usePlan } from "../place";
import { UsageSection, useUsageSearch } from "../usage";
import { RotationPlan } from "./RotationPlan";
import styles from "./RotateSheet.module.css";
import { useRotation } from "./useRotation";

interface RotateSheetProps {
  account: AccountId;
  id: KeyRow["id"];
  /** As the list knows it; none where it doesn't. */
  row: KeyRow | null;
  isArriving: boolean;
  onClose: () => void;
  onSent: () => void;
  onRotated: (token: TokenInCustody, trouble: UiError | null, written: PlacesWritten | null) => void;
  onGone: (message: string) => void;
  /** What came of a rotation whose sheet was left while it ran. */
  onLate: (outcome: RotateOutcome | UiError) => void;
  onNext: (step: NextStep) => void;
  onSignIn: () => void;
  /** The service has no call for it: to the steps in the browser. */
  onInBrowser: () => void;
  /** Makes a second key first, so that nothing stops. */
  onSwap: () => void;
}

/** Nothing is written that nobody ticked. */
function none(): ReadonlySet<string> {
  return new Set();
}

export function RotateSheet(props: RotateSheetProps) {
  const { account, id, row, isArriving, onClose, onSent, onRotated, onGone, onLate } = props;
  const { onNext, onSignIn, onInBrowser, onSwap } = props;
  const host = useHost();
  const search = useUsageSearch({ account, keys: [id], startsByItself: true });
  const isSearched = !search.isRunning && search.report !== null;
  // What a search found is looked at when it has ended.
  const fetchPlan = useCallback(
    () => host.call("places_before_rotation", { account, key: id }),
    [host, account, id],
  );
  const plan = usePlan(isSearched ? fetchPlan : null, none);
  const rotation = useRotation({
    account,
    key: id,
    onSent,
    onRotated,
    onGone,
    onLate,
    onPlanUsed: plan.look,
  });
  const { card, isRotating, isSent, failure, lost, changed } = rotation;
  const isSlow = useDelayed(isSent, SLOW_AFTER_MS);
  const [reason, setReason] = useState<RotateReason | null>(null);
  const group = useId();
  const key = card?.key ?? row;
  const chosen = card?.reasons.find((each) => each.reason === reason);
  const next = lost?.next ?? null;
  const isInUse = key !== null && !key.own && (key.lastUsedAt !== null || !key.lastUseKnown);

  return (
    <Sheet
      title={
        <>
          Rotate <NameInTitle row={key} />?
        </>
      }
      isBusy={rotation.isAsking || isRotating}
      isHeld={isRotating}
      isArriving={isArriving}
      onDismiss={onClose}
      status={
        isSlow
          ? SLOW_MESSAGE
          : isSent
            ? "Waiting for PulseAPI…"
            : isRotating
              ? "Waiting for your answer in the dialog…"
              : null
      }
      footer={
        <>
          {isSlow ? (
            <Button
              onPress={() => {
                rotation.leave();
                onClose();
              }}
            >
              Leave it running
            </Button>
          ) : (
            <Button isDisabled={isRotating} onPress={onClose}>
              {lost === null ? "Cancel" : "Close"}
            </Button>
          )}
          <FooterGap />
          <Button
            look="danger"
            isDisabled={chosen === undefined || lost !== null}
            isPending={isRotating}
            onPress={() => {
              if (chosen !== undefined) rotation.rotate(chosen.reason, [...plan.ticked]);
            }}
          >
            {plan.ticked.size === 0
              ? "Rotate key…"
              : `Rotate key, write ${countOf(plan.ticked.size, "file")}…`}
          </Button>
        </>
      }
    >
      {key !== null && (
        <Identity row={key}>
          <YourNote account={account} id={id} />
        </Identity>
      )}
      <Evidence
        tone="calm"
        evidence={card?.evidence ?? null}
        error={rotation.cardError}
        isAsking={rotation.isAsking}
      />
      {rotation.cardError !== null && (
        <ErrorActions error={rotation.cardError} onRetry={rotation.ask} onSignIn={onSignIn} />
      )}
      {card !== null && (
        <fieldset className={styles.reasons}>
          <legend className={styles.legend}>Why do you rotate it?</legend>
          <div className={styles.box}>
            {card.reasons.map((each) => (
              <Choice
                key={each.reason}
                type="radio"
                group={group}
                label={each.label}
                isChosen={each.reason === reason}
                isDisabled={isRotating || lost !== null}
                onChange={() => setReason(each.reason)}
              />
            ))}
          </div>
        </fieldset>
      )}
      <div role="status" className={styles.consequence}>
        {chosen !== undefined && lost === null && (
          <Panel tone="warning">
            <Sentence>{chosen.consequence}</Sentence>
          </Panel>
        )}
      </div>
      {chosen !== undefined && chosen.reason !== "leaked" && lost === null && isInUse && (
        <p className={styles.swap}>
          <Button isDisabled={isRotating} onPress={onSwap}>
            Swap without a gap…
          </Button>
          <span className={styles.hint}>
            A second key first: the old one works until you have seen that nothing uses it.
          </span>
        </p>
      )}
      {/* Last, so that what it finds moves nothing. */}
      <UsageSection account={account} row={key ?? { id, lastEight: "" }} search={search} />
      {plan.plan !== null && lost === null && (
        <RotationPlan
          plan={plan.plan}
          ticked={plan.ticked}
          isFixed={isRotating}
          onTick={plan.tick}
          onTickAll={plan.setTicked}
        />
      )}
      {isSearched && lost === null && <CiBeforeRotation account={account} id={id} />}
      <InlineAlert>
        {plan.failure !== null && (
          <Banner
            tone="warning"
            actions={
              <Button isDisabled={isRotating} onPress={() => void plan.look()}>
                Look again
              </Button>
            }
          >
            <p>{plan.failure.message}</p>
            {plan.failure.hint !== "" && <p>{plan.failure.hint}</p>}
          </Banner>
        )}
        {changed !== null && <Banner tone="warning">{changed}</Banner>}
        {lost !== null && (
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
        {failure !== null && (
          <Banner
            tone="danger"
            actions={
              <ErrorActions
                error={failure}
                onRetry={rotation.ask}
                onSignIn={onSignIn}
                onInBrowser={onInBrowser}
                label="Ask again"
              />
            }
          >
            <p>{failure.message}</p>
            {failure.hint !== "" && <p>{failure.hint}</p>}
          </Banner>
        )}
      </InlineAlert>
    </Sheet>
  );
}
