/**
 * How a swap or a retirement begins: which key, how it was used, what the sibling is called, and for how long the old one
 * has to be quiet. What is wrong with the name comes back to its field.
 */
import { useId, useState, type SubmitEvent } from "react";
import type { AccountId, KeyRow, NextStep, SwapWay, UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { ErrorActions } from "../../components/ErrorActions";
import { Evidence } from "../../components/Evidence";
import { Field } from "../../components/Field";
import { Identity } from "../../components/Identity";
import { InlineAlert } from "../../components/InlineAlert";
import { NameInTitle } from "../../components/Name";
import { Panel } from "../../components/Panel";
import { FooterGap, Sheet } from "../../components/Sheet";
import { uiErrorOf, useHost } from "../../host/host";
import { useSheetControls } from "../../navigation/registry";
import { labelOf, useSheets } from "../../navigation/sheets";
import { useSetCustody } from "../../state/useCustody";
import { useKeyCard } from "../../state/useKeyCard";
import { useKeyCache } from "../../state/useKeys";
import { useSetSwaps } from "../../state/useSwaps";
import { QuietPeriod } from "./QuietPeriod";
import styles from "./Swap.module.css";

interface BeginSheetProps {
  account: AccountId;
  id: KeyRow["id"];
  way: SwapWay;
  isArriving: boolean;
}

interface Lost {
  message: string;
  next: NextStep | null;
}

export function BeginSheet({ account, id, way, isArriving }: BeginSheetProps) {
  const host = useHost();
  const { close, signIn } = useSheetControls();
  const { openNext } = useSheets();
  const cache = useKeyCache();
  const { add } = useSetCustody();
  const setSwaps = useSetSwaps();
  const form = useId();
  const { card, cardError, isAsking, ask } = useKeyCard("swap_card", account, id);
  const [name, setName] = useState<string | null>(null);
  const [days, setDays] = useState<number | null>(null);
  const [isSending, setSending] = useState(false);
  const [errors, setErrors] = useState<readonly UiError[]>([]);
  const [lost, setLost] = useState<Lost | null>(null);

  const isSwap = way === "swap";
  const row = card?.key ?? cache.row(account, id);
  const obstacle = isSwap ? (card?.obstacle ?? null) : card?.key.own === true ? card.obstacle : null;
  const quietDays = days ?? card?.advisedDays ?? 7;
  const nameError = errors.find(({ code }) => code === "name") ?? null;
  const others = errors.filter((error) => error !== nameError);

  const begin = async () => {
    if (card === null || isSending) return;
    setSending(true);
    setErrors([]);
    setLost(null);
    try {
      if (!isSwap) {
        setSwaps(await host.call("retire_key", { account, key: id, quietDays }));
        return;
      }
      const wanted = { account, key: id, name: name ?? card.suggestedName, quietDays };
      const outcome = await host.call("begin_swap", wanted);
      switch (outcome.kind) {
        case "begun":
          add(outcome.token);
          setSwaps(outcome.swaps);
          break;
        case "unknown":
          setErrors([outcome.error]);
          setSwaps(outcome.swaps);
          break;
        case "not_begun":
          setErrors(outcome.errors);
          break;
        case "token_lost":
          setLost(outcome);
      }
      cache.refresh(account);
    } catch (thrown) {
      setErrors([uiErrorOf(thrown)]);
    } finally {
      setSending(false);
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void begin();
  };
  const next = lost?.next ?? null;

  return (
    <Sheet
      title={
        <>
          {isSwap ? "Swap" : "Retire"} <NameInTitle row={row} />
        </>
      }
      isBusy={isAsking || isSending}
      isHeld={isSending}
      isArriving={isArriving}
      onDismiss={close}
      status={isSending && isSwap ? "Waiting for PulseAPI…" : null}
      footer={
        <>
          <Button isDisabled={isSending} onPress={close}>
            Cancel
          </Button>
          <FooterGap />
          <Button
            look="primary"
            type="submit"
            form={form}
            isPending={isSending}
            isDisabled={card === null || obstacle !== null}
          >
            {isSwap ? "Make the sibling" : "Watch it"}
          </Button>
        </>
      }
    >
      {row !== null && <Identity row={row} />}
      <Evidence tone="calm" evidence={card?.evidence ?? null} error={cardError} isAsking={isAsking} />
      {cardError !== null && (
        <ErrorActions error={cardError} onRetry={ask} onSignIn={() => signIn(account)} />
      )}
      {obstacle !== null && <Panel tone="warning">{obstacle}</Panel>}
      {obstacle === null && card !== null && (
        <form id={form} className={styles.form} onSubmit={submit}>
          <p className={styles.lead}>
            {isSwap
              ? "A second key with the same abilities and team is created. Both work, until the old one is seen to be quiet and you delete it."
              : "The key stays as it is and is watched. Once it is seen to be quiet, you delete it."}
          </p>
          {isSwap && (
            <Field
              label="Name of the sibling"
              help={card.nameRemark}
              error={nameError}
              value={name ?? card.suggestedName}
              readOnly={isSending}
              onChange={(event) => setName(event.target.value)}
            />
          )}
          <QuietPeriod
            choices={card.quietChoices}
            advised={card.advisedDays}
            advice={card.advice}
            chosen={quietDays}
            isDisabled={isSending}
            onChoose={setDays}
          />
        </form>
      )}
      <InlineAlert>
        {others.map((error) => (
          <Banner key={error.message} tone="danger">
            <p>{error.message}</p>
            {error.hint !== "" && <p>{error.hint}</p>}
          </Banner>
        ))}
        {lost !== null && (
          <Banner
            tone="danger"
            actions={
              next === null ? undefined : (
                <Button autoFocus onPress={() => openNext(next)}>
                  {labelOf(next)}
                </Button>
              )
            }
          >
            {lost.message}
          </Banner>
        )}
      </InlineAlert>
    </Sheet>
  );
}
