/** The app itself didn't answer at its start. */
import { CircleAlert } from "lucide-react";
import type { UiError } from "../bindings";
import { Button } from "../components/Button";
import styles from "./Screen.module.css";

interface StartFailedProps {
  error: UiError;
  isBusy: boolean;
  onRetry: () => void;
}

export function StartFailed({ error, isBusy, onRetry }: StartFailedProps) {
  return (
    <main className={styles.screen}>
      <div className={styles.column}>
        <header className={styles.header}>
          <span className={styles.mark}>
            <CircleAlert size="1.25rem" aria-hidden="true" />
          </span>
          <div role="alert">
            <h1 className={styles.title}>Pulse Keys couldn’t start</h1>
            <p className={styles.lead}>
              {error.message} {error.hint}
            </p>
          </div>
        </header>
        <div className={styles.buttons}>
          <Button look="primary" isPending={isBusy} onPress={onRetry}>
            Try again
          </Button>
        </div>
      </div>
    </main>
  );
}
