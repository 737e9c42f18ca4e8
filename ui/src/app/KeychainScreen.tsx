/** No keychain: what is missing, and the two ways on. */
import { LockKeyhole } from "lucide-react";
import { useState } from "react";
import type { AppState, UiError } from "../bindings";
import { Banner } from "../components/Banner";
import { Button } from "../components/Button";
import { uiErrorOf, useHost } from "../host/host";
import styles from "./Screen.module.css";

interface KeychainScreenProps {
  problem: UiError;
  onState: (state: AppState) => void;
}

type Way = "state" | "continue_for_this_session";

export function KeychainScreen({ problem, onState }: KeychainScreenProps) {
  const host = useHost();
  const [busy, setBusy] = useState<Way | null>(null);
  const [said, setSaid] = useState("");
  const [error, setError] = useState<UiError | null>(null);

  const go = async (way: Way) => {
    if (busy !== null) return;
    setBusy(way);
    setSaid("");
    setError(null);
    try {
      const state = await host.call(way, null);
      if (state.keychain.kind === "unavailable") setSaid("Still not there.");
      onState(state);
    } catch (thrown) {
      setError(uiErrorOf(thrown));
    } finally {
      setBusy(null);
    }
  };

  return (
    <main className={styles.screen}>
      <div className={styles.column}>
        <header className={styles.header}>
          <span className={styles.mark}>
            <LockKeyhole size="1.25rem" aria-hidden="true" />
          </span>
          <div>
            <h1 className={styles.title}>The keychain can’t be reached</h1>
            <p className={styles.lead}>
              Pulse Keys keeps credentials in this computer’s keychain, never in files.
            </p>
          </div>
        </header>
        <div className={styles.card}>
          <p className={styles.message} data-selectable>
            {problem.message}
          </p>
          {problem.hint !== "" && (
            <p className={styles.hint} data-selectable>
              {problem.hint}
            </p>
          )}
          <div className={styles.buttons}>
            <Button look="primary" isPending={busy === "state"} onPress={() => void go("state")}>
              Try again
            </Button>
            <span role="status" className={styles.said}>
              {said}
            </span>
          </div>
          <div role="alert">
            {error !== null && (
              <Banner tone="danger">
                {error.message} {error.hint}
              </Banner>
            )}
          </div>
        </div>
        <div className={styles.aside}>
          <p>
            Without it the credential stays in memory only: you will be signed out when the app closes, and
            sign in again next time.
          </p>
          <Button
            isPending={busy === "continue_for_this_session"}
            onPress={() => void go("continue_for_this_session")}
          >
            Continue for this session only
          </Button>
        </div>
      </div>
    </main>
  );
}
