/** Settings → Accounts: who the app is signed in as, and how to add one, change one or leave. */
import { Plus } from "lucide-react";
import { useState } from "react";
import type { AccountId, AccountView, AppState } from "../../bindings";
import { Button } from "../../components/Button";
import { AccountItem, type AccountForm } from "./AccountItem";
import { AddAccount } from "./AddAccount";
import styles from "./AccountsTab.module.css";
import { CheckConnection } from "./CheckConnection";
import type { SignIn } from "./signIn";
import type { AccountCommands } from "./useAccountCommands";

interface AccountsTabProps {
  state: AppState;
  commands: AccountCommands;
  signIn: SignIn | null;
  onSignIn: (signIn: SignIn | null) => void;
  onConnected: (state: AppState) => void;
}

export function AccountsTab({ state, commands, signIn, onSignIn, onConnected }: AccountsTabProps) {
  const [renaming, setRenaming] = useState<AccountId | null>(null);
  const form = signIn?.kind === "new" || signIn?.kind === "again" ? signIn : null;
  const checked = signIn?.kind === "check" ? signIn.account : null;
  const replacing = signIn?.kind === "replace" ? signIn.account.id : null;

  // One form at a time: whichever is asked for last.
  const formOf = (id: AccountId): AccountForm | null => {
    if (id === replacing) return "replace";
    return id === renaming && signIn === null ? "rename" : null;
  };
  const open = (account: AccountView, form: AccountForm | null) => {
    setRenaming(form === "rename" ? account.id : null);
    onSignIn(form === "replace" ? { kind: "replace", account } : null);
  };

  return (
    <div className={styles.tab}>
      {form === null ? (
        <div className={styles.bar}>
          <Button onPress={() => onSignIn({ kind: "new" })}>
            <Plus size="0.9375rem" aria-hidden="true" />
            Add account
          </Button>
        </div>
      ) : (
        <AddAccount
          key={form.kind === "again" ? form.account.id : "new"}
          state={state}
          signIn={form}
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
            form={formOf(account.id)}
            onForm={(form) => open(account, form)}
            onCheck={() => onSignIn({ kind: "check", account })}
          />
        ))}
      </ul>
      {checked !== null && (
        <CheckConnection
          label={checked.label}
          request={() => ({ kind: "account", account: checked.id })}
          onClose={() => onSignIn(null)}
        />
      )}
    </div>
  );
}
