/** Trying the app without an account at PulseAPI. */
import { FlaskConical } from "lucide-react";
import { useRef, useState } from "react";
import type { AppState, UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { uiErrorOf, useHost } from "../../host/host";
import { useKeychainWait } from "../../state/keychainWait";
import styles from "./SandboxOffer.module.css";

export function SandboxOffer({ onConnected }: { onConnected: (state: AppState) => void }) {
  const host = useHost();
  const { reason: wait } = useKeychainWait();
  const isSending = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<UiError | null>(null);

  const start = async () => {
    if (isSending.current) return;
    isSending.current = true;
    setBusy(true);
    setError(null);
    try {
      onConnected(await host.call("try_sandbox", null));
    } catch (thrown) {
      setError(uiErrorOf(thrown));
    } finally {
      isSending.current = false;
      setBusy(false);
    }
  };

  return (
    <section className={styles.offer} aria-labelledby="sandbox-title">
      <div className={styles.row}>
        <FlaskConical size="1.125rem" aria-hidden="true" className={styles.icon} />
        <div className={styles.text}>
          <h2 id="sandbox-title" className={styles.title}>
            No account at hand?
          </h2>
          <p>A PulseAPI server inside this app, with sample keys. Nothing leaves this machine.</p>
        </div>
        <Button onPress={() => void start()} isPending={isBusy} isDisabled={wait !== null}>
          Try the sandbox
        </Button>
      </div>
      <div role="alert">
        {error !== null && (
          <Banner tone="danger">
            {error.message} {error.hint}
          </Banner>
        )}
      </div>
    </section>
  );
}
