/**
 * Something modal whose code is a part of its own: see lib/part. It is open from the moment that it was asked for: while
 * it loads, nothing shows, but the window under it takes neither keys nor clicks, so that what is pressed twice opens
 * once. The focus stays where it was until the dialog itself takes it, and so goes back there.
 */
import { useEffect, useId, useLayoutEffect, useRef, type ComponentType, type ReactNode } from "react";
import { usePart, type Part } from "../lib/part";
import { Button } from "./Button";
import styles from "./ModalPart.module.css";
import { useModal } from "./useModal";

interface ModalPartProps<Props> {
  part: Part<Props>;
  /** Puts it away before it is there. */
  onDismiss: () => void;
  children: (Component: ComponentType<Props>) => ReactNode;
}

export function ModalPart<Props>({ part, onDismiss, children }: ModalPartProps<Props>) {
  const state = usePart(part);
  switch (state.kind) {
    case "ready":
      return children(state.Component);
    case "loading":
      return <Loading onDismiss={onDismiss} />;
    case "failed":
      return <Failed onRetry={() => void part.load()} onDismiss={onDismiss} />;
  }
}

/** What is pressed while it is there goes nowhere, but for Esc. */
function Loading({ onDismiss }: { onDismiss: () => void }) {
  const dismiss = useRef(onDismiss);
  useModal();
  useLayoutEffect(() => {
    dismiss.current = onDismiss;
  });
  useLayoutEffect(() => {
    const take = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Escape") dismiss.current();
    };
    window.addEventListener("keydown", take, true);
    return () => window.removeEventListener("keydown", take, true);
  }, []);
  return <div className={styles.cover} data-modal aria-hidden="true" />;
}

/** Drawn by itself: what dialogs are usually made of may be what is missing. */
function Failed({ onRetry, onDismiss }: { onRetry: () => void; onDismiss: () => void }) {
  const [title, text] = [useId(), useId()];
  const retry = useRef<HTMLButtonElement>(null);
  const dismissal = useRef<HTMLButtonElement>(null);
  useModal();
  useEffect(() => {
    const before = document.activeElement;
    retry.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <div className={styles.scrim} data-modal>
      <div
        role="alertdialog"
        aria-modal="true"
        aria-labelledby={title}
        aria-describedby={text}
        className={styles.box}
        onKeyDown={(event) => {
          if (event.key === "Escape") onDismiss();
          else if (event.key === "Tab") {
            const isRetry = document.activeElement === retry.current;
            (isRetry ? dismissal : retry).current?.focus();
          } else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        <h2 id={title} className={styles.title}>
          This part could not be loaded
        </h2>
        <p id={text} className={styles.text}>
          If trying again doesn’t help, restart Pulse Keys. It asks first where a token would be lost.
        </p>
        <div className={styles.buttons}>
          <Button ref={dismissal} onPress={onDismiss}>
            Close
          </Button>
          <Button ref={retry} look="primary" onPress={onRetry}>
            Try again
          </Button>
        </div>
      </div>
    </div>
  );
}
