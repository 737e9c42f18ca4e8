/** The account at the foot of the sidebar, and the menu to go elsewhere. */
import { useRef, useState } from "react";
import { ariaKeys, sayKeys } from "../../actions/keys";
import { useAction, useShortcut } from "../../actions/useActions";
import type { AccountView } from "../../bindings";
import { MenuPart } from "../../components/MenuPart";
import { menuTrigger } from "../../components/menuTrigger";
import { PlainButton } from "../../components/PlainButton";
import { serviceOf } from "../../lib/accountWords";
import { part } from "../../lib/part";
import styles from "./AccountMenu.module.css";
import type { AccountCommands } from "./useAccountCommands";

const accountMenuItems = part(() =>
  import("./AccountMenuItems").then(({ AccountMenuItems }) => AccountMenuItems),
);

interface AccountMenuProps {
  account: AccountView;
  accounts: readonly AccountView[];
  commands: AccountCommands;
  onOpenAccounts: () => void;
}

export function AccountMenu({ account, accounts, commands, onOpenAccounts }: AccountMenuProps) {
  const [isOpen, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  useAction("account.switch", () => setOpen(true));
  const { keys } = useShortcut("account.switch");
  const others = accounts.filter(({ id }) => id !== account.id);
  const act = (id: string) => {
    if (id === "accounts") onOpenAccounts();
    else if (id === "sign-out") commands.signOut(account);
    else {
      const chosen = others.find((each) => each.id === id);
      if (chosen !== undefined) commands.use(chosen);
    }
  };
  const service = `${serviceOf(account)} · ${account.sessionOnly ? "this session only" : "signed in"}`;
  return (
    <>
      <PlainButton
        ref={anchor}
        className={styles.account}
        // With the words that are seen, for users who press it by voice.
        aria-label={`Account ${account.label} ${service}`}
        aria-keyshortcuts={ariaKeys(keys)}
        isPending={commands.busy !== null}
        data-tip={isOpen ? undefined : sayKeys(keys[0])}
        data-tip-beside
        {...menuTrigger(isOpen, () => setOpen(true))}
      >
        <span className={styles.dot} aria-hidden="true" />
        <span className={styles.text}>
          <bdi className={styles.label}>{account.label}</bdi>{" "}
          <span className={styles.service}>{service}</span>
        </span>
      </PlainButton>
      <MenuPart part={accountMenuItems} isOpen={isOpen} onDismiss={() => setOpen(false)}>
        {(AccountMenuItems) => (
          <AccountMenuItems
            isOpen={isOpen}
            anchor={anchor}
            others={others}
            onAction={act}
            onClose={() => setOpen(false)}
          />
        )}
      </MenuPart>
    </>
  );
}
