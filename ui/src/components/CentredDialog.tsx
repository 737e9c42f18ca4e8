/**
 * The frame of what opens over the middle of the window and is left again at once: the palette, the list of shortcuts.
 * Esc and a click outside leave it. What is asked or filled in stands in a sheet instead.
 */
import type { KeyboardEvent, ReactNode } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import styles from "./CentredDialog.module.css";
import { drawOverlay } from "./drawOverlay";
import { useModal } from "./useModal";

interface CentredDialogProps {
  /** In place of a heading in it. */
  label?: string;
  size: "narrow" | "wide";
  onDismiss: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ReactNode;
}

export function CentredDialog({ label, size, onDismiss, onKeyDown, children }: CentredDialogProps) {
  useModal();
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) onDismiss();
      }}
      render={drawOverlay}
      className={styles.overlay ?? ""}
      data-modal
    >
      <Modal className={styles.modal ?? ""} data-size={size}>
        <Dialog aria-label={label} className={styles.dialog ?? ""}>
          <div className={styles.frame} onKeyDown={onKeyDown}>
            {children}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
