/**
 * The rotate card of a key that is rotated in the browser, since the service has no call for it: who it is, what is known
 * of its use, why it is rotated and what that means; then the steps in the browser, and the field for its new token. Nothing is
 * changed at the service from here.
 */
import { useId, useRef, useState, type SubmitEvent } from "react";
import type { AccountId, KeyRow, RotateReason } from "../../bindings";
import { Button } from "../../components/Button";
import { Choice } from "../../components/Choice";
import { ErrorActions } from "../../components/ErrorActions";
import { Evidence } from "../../components/Evidence";
import { Identity } from "../../components/Identity";
import { NameInTitle } from "../../components/Name";
import { Panel, Sentence } from "../../components/Panel";
import { Question } from "../../components/Question";
import { FooterGap, Sheet } from "../../components/Sheet";
import { isGuided } from "../../lib/guided";
import { quotedName } from "../../lib/text";
import { useSheetControls } from "../../navigation/registry";
import { useKeyCard } from "../../state/useKeyCard";
import { useKeyCache } from "../../state/useKeys";
import { YourNote } from "../notes";
import { UsageSection, useUsageSearch } from "../usage";
import styles from "./Guided.module.css";
import { BrowserSteps, NewTokenField, PasteAlerts } from "./InBrowser";
import { usePastedToken } from "./usePastedToken";

interface RotateInBrowserProps {
  account: AccountId;
  id: KeyRow["id"];
  /** As the list knows it; none where it doesn't. */
  row: KeyRow | null;
  isArriving: boolean;
}

export function RotateInBrowser({ account, id, row, isArriving }: RotateInBrowserProps) {
  const { accounts, close, sent, showToken, signIn } = useSheetControls();
  const cache = useKeyCache();
  const { card, cardError, isAsking, ask } = useKeyCard("browser_rotate_card", account, id);
  const search = useUsageSearch({ account, keys: [id], startsByItself: true });
  const [reason, setReason] = useState<RotateReason | null>(null);
  const [isLeaving, setLeaving] = useState(false);
  const group = useId();
  const input = useRef<HTMLInputElement>(null);
  const pasted = usePastedToken({
    account,
    field: input,
    onTaken: ({ token, tested, trouble, list }) => {
      cache.take(list);
      // Where the service lists keys, it knows more of this one.
      if (!accounts.some((each) => each.id === account && isGuided(each))) sent(account);
      showToken(token, trouble, { tested });
    },
  });
  const key = card?.key ?? row;
  const chosen = card?.reasons.find((each) => each.reason === reason);
  const send = (despiteDoubt: boolean) => {
    if (chosen === undefined) return;
    void pasted.send({ kind: "rotated", key: id, reason: chosen.reason }, despiteDoubt);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    send(false);
  };
  const dismiss = () => {
    if (isLeaving) setLeaving(false);
    else if ((input.current?.value ?? "") !== "") setLeaving(true);
    else close();
  };

  return (
    <Sheet
      title={
        <>
          Rotate <NameInTitle row={key} /> in the browser?
        </>
      }
      isBusy={isAsking || pasted.isBusy}
      isHeld={pasted.isBusy}
      isArriving={isArriving}
      onDismiss={dismiss}
      footer={
        isLeaving ? (
          <Question
            question="The token that you pasted is not kept yet. The web screen shows it once."
            back="Back"
            onBack={() => setLeaving(false)}
            go="Discard"
            onGo={close}
          />
        ) : (
          <>
            <Button isDisabled={pasted.isBusy} onPress={dismiss}>
              Cancel
            </Button>
            <FooterGap />
            <Button
              type="submit"
              form={`${group}-form`}
              look="primary"
              isDisabled={chosen === undefined}
              isPending={pasted.isBusy}
            >
              Keep the new token
            </Button>
          </>
        )
      }
    >
      {key !== null && (
        <Identity row={key}>
          <YourNote account={account} id={id} />
        </Identity>
      )}
      <Evidence tone="calm" evidence={card?.evidence ?? null} error={cardError} isAsking={isAsking} />
      {cardError !== null && (
        <ErrorActions error={cardError} onRetry={ask} onSignIn={() => signIn(account)} />
      )}
      {card !== null && (
        <fieldset className={styles.reasons}>
          <legend className={styles.heading}>Why do you rotate it?</legend>
          <div className={styles.box}>
            {card.reasons.map((each) => (
              <Choice
                key={each.reason}
                type="radio"
                group={group}
                label={each.label}
                isChosen={each.reason === reason}
                isDisabled={pasted.isBusy}
                onChange={() => setReason(each.reason)}
              />
            ))}
          </div>
        </fieldset>
      )}
      <div role="status" className={styles.consequence}>
        {chosen !== undefined && (
          <Panel tone="warning">
            <Sentence>{chosen.consequence}</Sentence>
          </Panel>
        )}
      </div>
      {key !== null && (
        <BrowserSteps account={account}>
          <li>
            Find <bdi>{quotedName(key.name) ?? "the key"}</bdi> by its last 8 characters,{" "}
            <code className={styles.tail}>…{key.lastEight}</code>, and choose <b>… → Rotate</b>.
          </li>
          <li>A dialog says that the old token stops working at once.</li>
          <li>
            Press <b>Rotate Key</b>. The new token is displayed once: copy it.
          </li>
        </BrowserSteps>
      )}
      <form id={`${group}-form`} className={styles.form} noValidate onSubmit={submit}>
        <NewTokenField ref={input} pasted={pasted} />
      </form>
      <PasteAlerts pasted={pasted} onGoOn={() => send(true)} />
      {/* Last, so that what it finds moves nothing. */}
      <UsageSection account={account} row={key ?? { id, lastEight: "" }} search={search} />
    </Sheet>
  );
}
