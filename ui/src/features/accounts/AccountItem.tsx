/** An account in the list: what it is, what can be done with it, and the forms that open in its place or under it. */
import { useRef } from "react";
import type { AccountView } from "../../bindings";
import { Button } from "../../components/Button";
import { planOf, serviceOf } from "../../lib/accountWords";
import styles from "./AccountsTab.module.css";
import { RenameForm } from "./RenameForm";
import { ReplaceForm } from "./ReplaceForm";
import type { AccountCommands } from "./useAccountCommands";

export type AccountForm = "rename" | "replace";

interface AccountItemProps {
  account: AccountView;
  isActive: boolean;
  commands: AccountCommands;
  form: AccountForm | null;
  onForm: (form: AccountForm | null) => void;
  onCheck: () => void;
}

export function AccountItem({ account, isActive, commands, form, onForm, onCheck }: AccountItemProps) {
  const rename = useRef<HTMLButtonElement>(null);
  const replace = useRef<HTMLButtonElement>(null);
  const isBusy = commands.busy === account.id;
  const close = () => {
    const opener = form === "rename" ? rename : replace;
    onForm(null);
    // The button that opened it may just be coming back.
    requestAnimationFrame(() => opener.current?.focus());
  };
  return (
    <li className={styles.item} aria-current={isActive || undefined}>
      <span className={styles.dot} data-active={isActive} aria-hidden="true" />
      {form === "rename" ? (
        <RenameForm account={account} onClose={close} />
      ) : (
        <>
          <Description account={account} isActive={isActive} />
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
              ref={rename}
              look="quiet"
              aria-label={`Rename ${account.label}`}
              onPress={() => onForm("rename")}
            >
              Rename
            </Button>
            <Button
              ref={replace}
              look="quiet"
              isDisabled={isBusy}
              aria-label={`Replace credential of ${account.label}…`}
              aria-expanded={form === "replace"}
              onPress={() => onForm(form === "replace" ? null : "replace")}
            >
              Replace credential…
            </Button>
            <Button look="quiet" aria-label={`Check the connection of ${account.label}…`} onPress={onCheck}>
              Check the connection…
            </Button>
            <Button
              look="quiet"
              isDisabled={isBusy}
              aria-label={`Sign out of ${account.label}…`}
              onPress={() => commands.signOut(account)}
            >
              Sign out…
            </Button>
          </div>
        </>
      )}
      {form === "replace" && <ReplaceForm account={account} onClose={close} />}
    </li>
  );
}

function Description({ account, isActive }: { account: AccountView; isActive: boolean }) {
  const plan = planOf(account);
  return (
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
  );
}
