/** Trying the app without an account at PulseAPI: the whole API, or one without key endpoints. */
import { FlaskConical } from "lucide-react";
import { useRef, useState } from "react";
import type { AccountView, AppState, SandboxRequest, UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { uiErrorOf, useHost } from "../../host/host";
import { isGuided } from "../../lib/guided";
import { useKeychainWait } from "../../state/keychainWait";
import styles from "./SandboxOffer.module.css";

interface SandboxOfferProps {
  /** What is signed in to already is not offered. */
  accounts: readonly AccountView[];
  onConnected: (state: AppState) => void;
}

export function SandboxOffer({ accounts, onConnected }: SandboxOfferProps) {
  const host = useHost();
  const { reason: wait } = useKeychainWait();
  const isSending = useRef(false);
  const [starting, setStarting] = useState<SandboxRequest | null>(null);
  const [error, setError] = useState<UiError | null>(null);
  const sandboxes = accounts.filter(({ kind }) => kind === "sandbox");
  const offersWhole = sandboxes.every(isGuided);
  const offersGuided = !sandboxes.some(isGuided);

  const start = async (wanted: SandboxRequest) => {
    if (isSending.current) return;
    isSending.current = true;
    setStarting(wanted);
    setError(null);
    try {
      onConnected(await host.call("try_sandbox", wanted));
    } catch (thrown) {
      setError(uiErrorOf(thrown));
    } finally {
      isSending.current = false;
      setStarting(null);
    }
  };

  if (!offersWhole && !offersGuided) return null;
  return (
    <section className={styles.offer} aria-label="Sandbox">
      {offersWhole && (
        <div className={styles.row}>
          <FlaskConical size="1.125rem" aria-hidden="true" className={styles.icon} />
          <div className={styles.text}>
            <h2 className={styles.title}>No account at hand?</h2>
            <p>A PulseAPI server inside this app, with sample keys. Nothing leaves this machine.</p>
          </div>
          <Button
            onPress={() => void start({ hasKeyEndpoints: true })}
            isPending={starting?.hasKeyEndpoints === true}
            isDisabled={wait !== null || starting?.hasKeyEndpoints === false}
          >
            Try the sandbox
          </Button>
        </div>
      )}
      {offersGuided && (
        <div className={styles.print}>
          <p>Does your PulseAPI list no keys to programs? See how Pulse Keys guides you then.</p>
          <Button
            look="quiet"
            onPress={() => void start({ hasKeyEndpoints: false })}
            isPending={starting?.hasKeyEndpoints === false}
            isDisabled={wait !== null || starting?.hasKeyEndpoints === true}
          >
            Try it without key endpoints
          </Button>
        </div>
      )}
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
