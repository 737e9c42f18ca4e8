/** Signing in to one more account, or once more to one whose credential no longer works. */
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import type { AppState } from "../../bindings";
import { Button } from "../../components/Button";
import styles from "./AccountsTab.module.css";
import { ConnectForm } from "./ConnectForm";
import { SandboxOffer } from "./SandboxOffer";
import type { SignIn } from "./signIn";

interface AddAccountProps {
  state: AppState;
  signIn: Exclude<SignIn, { kind: "replace" | "check" }>;
  onClose: () => void;
  onConnected: (state: AppState) => void;
}

export function AddAccount({ state, signIn, onClose, onConnected }: AddAccountProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section
      className={styles.panel}
      aria-labelledby="sign-in-title"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <header className={styles.head}>
        <h2 ref={heading} id="sign-in-title" tabIndex={-1} className={styles.title}>
          {signIn.kind === "new" ? (
            "Add account"
          ) : (
            <>
              Sign in again to <bdi>{signIn.account.label}</bdi>
            </>
          )}
        </h2>
        <Button look="quiet" isIcon aria-label="Close" onPress={onClose}>
          <X size="1rem" aria-hidden="true" />
        </Button>
      </header>
      <ConnectForm
        baseUrl={signIn.kind === "new" ? state.documentedBaseUrl : signIn.account.baseUrl}
        onConnected={onConnected}
      />
      {signIn.kind === "new" && (
        <div className={styles.sandbox}>
          <SandboxOffer accounts={state.accounts} onConnected={onConnected} />
        </div>
      )}
    </section>
  );
}
