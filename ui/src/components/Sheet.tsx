/**
 * The frame of everything that opens over the window: title, a body that scrolls, a footer that stays. How it may be
 * left is decided by what is in it: Esc, a click outside and the cross all only ask.
 */
import { X } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Button } from "./Button";
import { drawOverlay } from "./drawOverlay";
import styles from "./Sheet.module.css";
import { useModal } from "./useModal";

interface SheetProps {
  title: ReactNode;
  children: ReactNode;
  footer: ReactNode;
  /** What is asked of the user before the footer's buttons: it stays in sight, whatever the body does. */
  ask?: ReactNode;
  /** Said by screen readers when it changes, and shown above the footer's buttons. */
  status?: ReactNode;
  /** Something is being asked or done. */
  isBusy?: boolean;
  /** It can't be left now. */
  isHeld?: boolean;
  /** False where it takes the place of another sheet: then it is simply there. */
  isArriving?: boolean;
  /** What is inside shares the height, and scrolls by itself where it is long. */
  isFilled?: boolean;
  /** Somebody wants to leave. */
  onDismiss: () => void;
}

export function Sheet(props: SheetProps) {
  const { title, children, footer, ask = null, status, onDismiss } = props;
  const { isBusy = false, isHeld = false, isArriving = true, isFilled = false } = props;
  const dialog = useRef<HTMLElement>(null);
  useModal();
  // What had the focus may have gone with what it belonged to, such as a button to try again: then the sheet has it.
  useEffect(() => {
    if (document.activeElement === document.body) dialog.current?.focus();
  });
  return (
    <ModalOverlay
      isOpen
      isDismissable={!isHeld}
      isKeyboardDismissDisabled={isHeld}
      onOpenChange={(isOpen) => {
        if (!isOpen) onDismiss();
      }}
      render={drawOverlay}
      className={styles.overlay ?? ""}
      data-modal
      data-still={!isArriving || undefined}
    >
      <Modal className={styles.sheet ?? ""}>
        <Dialog ref={dialog} className={styles.dialog ?? ""} aria-busy={isBusy}>
          <header className={styles.header}>
            <Heading slot="title" className={styles.title ?? ""}>
              {title}
            </Heading>
            <Button look="quiet" isIcon aria-label="Close" isDisabled={isHeld} onPress={onDismiss}>
              <X size="1rem" aria-hidden="true" />
            </Button>
          </header>
          <div className={styles.body} data-filled={isFilled || undefined}>
            {children}
          </div>
          <footer className={styles.footer}>
            {ask !== null && <div className={styles.ask}>{ask}</div>}
            <p role="status" className={styles.status}>
              {status}
            </p>
            {footer}
          </footer>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Pushes what follows it in the footer to the end, away from the way out. */
export function FooterGap() {
  return <span className={styles.gap} />;
}
