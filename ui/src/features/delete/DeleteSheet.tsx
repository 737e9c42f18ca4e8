/**
 * The delete card: who the key is, what is known of its use, what deleting does, where it is used on this machine and
 * where only the user can look, the way to rotating instead, and as much friction as core asks for. The search begins
 * with it and blocks nothing. It confirms nothing by itself: *Delete key…* leads to the native dialog, and where the service
 * has no call for it, *Delete in the browser…* to the steps there.
 */
import { useId, useState, type SubmitEvent } from "react";
import type { AccountId, Friction, KeyRow } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { ErrorActions } from "../../components/ErrorActions";
import { Evidence } from "../../components/Evidence";
import { Field } from "../../components/Field";
import { Identity } from "../../components/Identity";
import { InlineAlert } from "../../components/InlineAlert";
import { NameInTitle } from "../../components/Name";
import type { Tone } from "../../components/Panel";
import { FooterGap, Sheet } from "../../components/Sheet";
import { isInBrowser } from "../../lib/guided";
import { isTyped } from "../../lib/typed";
import { useSheetControls } from "../../navigation/registry";
import { useReloadState } from "../../state/useReloadState";
import { YourNote } from "../notes";
import { UsageSection, useUsageSearch } from "../usage";
import { Checklist } from "./Checklist";
import styles from "./DeleteSheet.module.css";
import { InBrowserSheet } from "./InBrowserSheet";
import { useDeletion } from "./useDeletion";

interface DeleteSheetProps {
  account: AccountId;
  id: KeyRow["id"];
  /** As the list knows it; none where it doesn't. */
  row: KeyRow | null;
  isArriving: boolean;
}

const tones: Record<Friction, Tone> = {
  dialog: "calm",
  spelled_out: "calm",
  type_phrase: "warning",
  type_phrase_strongly: "danger",
  own_key: "danger",
};

export function DeleteSheet({ account, id, row, isArriving }: DeleteSheetProps) {
  const { accounts, close, replace, signIn } = useSheetControls();
  const guided = accounts.find((each) => each.id === account && isInBrowser(each, "delete")) ?? null;
  const rotate = () => replace({ kind: "rotate", account, key: id, row });
  const signInAgain = () => signIn(account);
  const search = useUsageSearch({ account, keys: [id], startsByItself: true });
  const deletion = useDeletion({
    account,
    key: id,
    searched: search.cards.one,
    onRotate: rotate,
  });
  const { card, isDeleting, browser } = deletion;
  const reload = useReloadState();
  const [typed, setTyped] = useState("");
  const form = useId();
  const key = card?.key ?? row;
  const phrase = card?.phrase ?? null;
  const isAllowed = card !== null && (phrase === null || isTyped(typed, phrase));
  const isFound = card?.usage.verdict === "possible" || card?.usage.verdict === "confirmed";
  const advisesRotating = card?.friction === "type_phrase_strongly";

  const remove = () => deletion.remove(phrase === null ? null : typed.trim(), guided !== null);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isAllowed && !isDeleting) remove();
  };

  if (guided !== null && browser !== null && card !== null) {
    return (
      <InBrowserSheet account={guided} row={card.key} source={browser.source} onCard={deletion.backToCard} />
    );
  }

  return (
    <Sheet
      title={
        <>
          Delete <NameInTitle row={key} />?
        </>
      }
      isBusy={deletion.isAsking || isDeleting}
      isHeld={isDeleting}
      isArriving={isArriving}
      onDismiss={close}
      status={
        !isDeleting || guided !== null
          ? null
          : deletion.isConfirmed
            ? "Deleting…"
            : "Waiting for your answer in the dialog…"
      }
      ask={
        phrase === null ? null : (
          <form id={form} onSubmit={submit}>
            <Field
              label={
                <>
                  Type <bdi className={styles.phrase}>{phrase}</bdi>
                  {card?.phraseIsLastEight === true ? ", the last 8 characters," : ""} to delete it
                </>
              }
              isMono={card?.phraseIsLastEight === true}
              value={typed}
              readOnly={isDeleting}
              onChange={(event) => setTyped(event.target.value)}
            />
          </form>
        )
      }
      footer={
        <>
          <Button isDisabled={isDeleting} onPress={close}>
            Cancel
          </Button>
          <FooterGap />
          <Button look={advisesRotating ? "primary" : "plain"} isDisabled={isDeleting} onPress={rotate}>
            Rotate instead
          </Button>
          <Button look="danger" isDisabled={!isAllowed} isPending={isDeleting} onPress={remove}>
            {guided === null ? "Delete key…" : "Delete in the browser…"}
          </Button>
        </>
      }
    >
      <p role="status" className={styles.heard}>
        {phrase !== null && isFound ? `Found on this machine: type ${phrase} to delete the key.` : ""}
      </p>
      {key !== null && (
        <Identity row={key}>
          <YourNote account={account} id={id} />
        </Identity>
      )}
      <Evidence
        tone={card === null ? "calm" : tones[card.friction]}
        evidence={card?.evidence ?? null}
        consequence={card?.consequence}
        error={deletion.cardError}
        isAsking={deletion.isAsking}
      />
      {deletion.cardError !== null && (
        <ErrorActions error={deletion.cardError} onRetry={deletion.ask} onSignIn={signInAgain} />
      )}
      <UsageSection account={account} row={key ?? { id, lastEight: "" }} search={search} />
      {deletion.cardError === null && <Checklist account={account} id={id} />}
      <InlineAlert>
        {deletion.changed !== null && <Banner tone="warning">{deletion.changed}</Banner>}
        {deletion.failure !== null && (
          <Banner
            tone="danger"
            actions={
              <ErrorActions
                error={deletion.failure}
                onRetry={deletion.ask}
                onSignIn={signInAgain}
                onInBrowser={() => {
                  void reload().then(deletion.ask);
                }}
                label="Ask again"
              />
            }
          >
            <p>{deletion.failure.message}</p>
            {deletion.failure.hint !== "" && <p>{deletion.failure.hint}</p>}
          </Banner>
        )}
      </InlineAlert>
    </Sheet>
  );
}
