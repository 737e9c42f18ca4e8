/** The first screen of all: sign in, or look around in the sandbox. */
import { KeyRound } from "lucide-react";
import type { AppState } from "../bindings";
import { ConnectForm } from "../features/accounts/ConnectForm";
import { SandboxOffer } from "../features/accounts/SandboxOffer";
import { WaitingTokens } from "../features/custody/WaitingTokens";
import { Notices } from "../features/notices/Notices";
import { useKeychainWait } from "../state/keychainWait";
import styles from "./Screen.module.css";
import { WindowSheets } from "./WindowSheets";

interface FirstStartProps {
  state: AppState;
  onConnected: (state: AppState) => void;
}

export function FirstStart({ state, onConnected }: FirstStartProps) {
  const { reason: wait } = useKeychainWait();
  return (
    <main className={styles.screen}>
      <div className={styles.column}>
        <header className={styles.header}>
          <span className={styles.mark}>
            <KeyRound size="1.25rem" aria-hidden="true" />
          </span>
          <div>
            <h1 className={styles.title}>Connect to PulseAPI</h1>
            <p className={styles.lead}>See your API keys, create and rotate them, delete unused ones.</p>
          </div>
        </header>
        {/* Tokens of accounts that are signed out wait too. */}
        <WindowSheets account={null} accounts={state.accounts} team={null}>
          <WaitingTokens />
        </WindowSheets>
        <Notices />
        <div className={styles.card}>
          <ConnectForm baseUrl={state.documentedBaseUrl} onConnected={onConnected} />
        </div>
        <SandboxOffer accounts={state.accounts} onConnected={onConnected} />
      </div>
      {wait !== null && (
        <p role="status" className={styles.foot}>
          {wait}
        </p>
      )}
      {state.keychain.kind === "session_only" && (
        <p className={styles.foot}>For this session only: you will be signed out when the app closes.</p>
      )}
    </main>
  );
}
