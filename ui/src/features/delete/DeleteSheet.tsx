/**
 * The delete card: who the key is, what is known of its use, what deleting does, and as much friction as core asks
 * for. It confirms nothing by itself: *Delete key…* leads to the native dialog.
 */
import { X } from "lucide-react";
import { useId, useState, type SubmitEvent } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { AccountId, Friction, KeyRow } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { forDisplay } from "../../lib/text";
import { ErrorActions } from "../keys/ErrorActions";
import { Checklist } from "./Checklist";
import styles from "./DeleteSheet.module.css";
import { Evidence } from "./Evidence";
import { Identity } from "./Identity";
import { useDeletion, type Settled } from "./useDeletion";

interface DeleteSheetProps {
  account: AccountId;
  row: KeyRow;
  onClose: () => void;
  onSettled: (outcome: Settled) => void;
  onSignIn: () => void;
}

const keepsByDefault: Record<Friction, boolean> = {
  dialog: false,
  spelled_out: false,
  type_phrase: false,
  type_phrase_strongly: true,
  own_key: false,
};

export function DeleteSheet({ account, row, onClose, onSettled, onSignIn }: DeleteSheetProps) {
  const deletion = useDeletion(account, row, onSettled);
  const { card, isDeleting } = deletion;
  const [typed, setTyped] = useState("");
  const form = useId();
  const key = card?.key ?? row;
  const name = forDisplay(key.name).shown;
  const phrase = card?.phrase ?? null;
  const isAllowed = card !== null && (phrase === null || typed.trim() === phrase.trim());
  const keeps = card !== null && keepsByDefault[card.friction];

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isAllowed && !isDeleting) deletion.remove(phrase === null ? null : typed.trim());
  };

  return (
    <ModalOverlay
      isOpen
      isDismissable={!isDeleting}
      isKeyboardDismissDisabled={isDeleting}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      className={styles.overlay ?? ""}
      data-modal
    >
      <Modal className={styles.sheet ?? ""}>
        <Dialog className={styles.dialog ?? ""} aria-busy={deletion.isAsking || isDeleting}>
          <header className={styles.header}>
            <Heading slot="title" className={styles.title ?? ""}>
              Delete{" "}
              {name === "" ? (
                `…${key.lastEight}`
              ) : (
                <>
                  “<bdi>{name}</bdi>”
                </>
              )}
              ?
            </Heading>
            <Button look="quiet" isIcon aria-label="Close" isDisabled={isDeleting} onPress={onClose}>
              <X size="1rem" aria-hidden="true" />
            </Button>
          </header>
          <div className={styles.body}>
            <Identity row={key} />
            <Evidence card={card} error={deletion.cardError} isAsking={deletion.isAsking} />
            {deletion.cardError !== null && (
              <ErrorActions error={deletion.cardError} onRetry={deletion.ask} onSignIn={onSignIn} />
            )}
            {deletion.cardError === null && <Checklist />}
            {phrase !== null && (
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
            )}
            <div role="alert" className={styles.alert}>
              {deletion.changed !== null && <Banner tone="warning">{deletion.changed}</Banner>}
              {deletion.failure !== null && (
                <Banner
                  tone="danger"
                  actions={
                    <ErrorActions
                      error={deletion.failure}
                      onRetry={deletion.ask}
                      onSignIn={onSignIn}
                      label="Ask again"
                    />
                  }
                >
                  <p>{deletion.failure.message}</p>
                  {deletion.failure.hint !== "" && <p>{deletion.failure.hint}</p>}
                </Banner>
              )}
            </div>
          </div>
          <footer className={styles.footer}>
            <p role="status" className={styles.waiting}>
              {isDeleting ? "Waiting for your answer in the dialog…" : ""}
            </p>
            <Button look={keeps ? "primary" : "plain"} isDisabled={isDeleting} onPress={onClose}>
              {keeps ? "Keep key" : "Cancel"}
            </Button>
            <Button
              look="danger"
              isDisabled={!isAllowed}
              isPending={isDeleting}
              onPress={() => deletion.remove(phrase === null ? null : typed.trim())}
            >
              Delete key…
            </Button>
          </footer>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
