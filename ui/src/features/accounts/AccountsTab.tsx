/** Settings → Accounts: who the app is signed in as, and how to add one or leave. */
import { Plus } from "lucide-react";
import type { AccountView, AppState } from "../../bindings";
import { Button } from "../../components/Button";
import { AddAccount } from "./AddAccount";
import styles from "./AccountsTab.module.css";
import { planOf, serviceOf } from "./describe";
import type { AccountCommands } from "./useAccountCommands";

/** What the form for signing in is open for: a new account, or one whose credential no longer works. */
export type SignIn = { kind: "new" } | { kind: "again"; account: AccountView };

interface AccountsTabProps {
  state: AppState;
  commands: AccountCommands;
  signIn: SignIn | null;
  onSignIn: (signIn: SignIn | null) => void;
  onConnected: (state: AppState) => void;
}

export function AccountsTab({ state, commands, signIn, onSignIn, onConnected }: AccountsTabProps) {
  return (
    <div className={styles.tab}>
      {signIn === null ? (
        <div className={styles.bar}>
          <Button onPress={() => onSignIn({ kind: "new" })}>
            <Plus size="0.9375rem" aria-hidden="true" />
            Add account
          </Button>
        </div>
      ) : (
        <AddAccount
          key={signIn.kind === "again" ? signIn.account.id : "new"}
          state={state}
          signIn={signIn}
          onClose={() => onSignIn(null)}
          onConnected={onConnected}
        />
      )}
      <ul className={styles.list} aria-label="Accounts">
        {state.accounts.map((account) => (
          <AccountItem
            key={account.id}
            account={account}
            isActive={account.id === state.active}
            commands={commands}
          />
        ))}
      </ul>
    </div>
  );
}

interface AccountItemProps {
  account: AccountView;
  isActive: boolean;
  commands: AccountCommands;
}

function AccountItem({ account, isActive, commands }: AccountItemProps) {
  const plan = planOf(account);
  const isBusy = commands.busy === account.id;
  return (
    <li className={styles.item} aria-current={isActive || undefined}>
      <span className={styles.dot} data-active={isActive} aria-hidden="true" />
      <div className={styles.text}>
        <p className={styles.label}>
          <bdi className={styles.name}>{account.label}</bdi>
          {isActive && <span className={styles.active}>in use</span>}
          {account.sessionOnly && <span className={styles.mark}>this session only</span>}
        </p>
        <p className={styles.facts}>
          {serviceOf(account)}
          {plan !== null && ` · ${plan} plan`} ·{" "}
          {/* A sandbox answers at another port after each start: its address means nothing to anybody. */}
          {account.kind === "sandbox" ? "inside this app" : <bdi data-selectable>{account.baseUrl}</bdi>}
        </p>
      </div>
      <div className={styles.actions}>
        {!isActive && (
          <Button
            isPending={isBusy}
            aria-label={`Use ${account.label}`}
            onPress={() => commands.use(account)}
          >
            Use
          </Button>
        )}
        <Button
          look="quiet"
          isDisabled={isBusy}
          aria-label={`Sign out of ${account.label}…`}
          onPress={() => commands.signOut(account)}
        >
          Sign out…
        </Button>
      </div>
    </li>
  );
}
