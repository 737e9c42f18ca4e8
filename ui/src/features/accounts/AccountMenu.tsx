/** The account at the foot of the sidebar, and the menu to go elsewhere. */
import { ArrowLeftRight, LogOut, UsersRound } from "lucide-react";
import { useState } from "react";
import {
  Button as AriaButton,
  Menu,
  MenuItem,
  MenuTrigger,
  Popover,
  Separator,
  Tooltip,
  TooltipTrigger,
} from "react-aria-components";
import { drawButton } from "../../actions/draw";
import { sayKeys } from "../../actions/keys";
import { useAction, useActionState } from "../../actions/useActions";
import type { AccountView } from "../../bindings";
import menu from "../../components/Menu.module.css";
import tips from "../../components/Tips.module.css";
import { serviceOf } from "../../lib/accountWords";
import styles from "./AccountMenu.module.css";
import type { AccountCommands } from "./useAccountCommands";

interface AccountMenuProps {
  account: AccountView;
  accounts: readonly AccountView[];
  commands: AccountCommands;
  onOpenAccounts: () => void;
}

export function AccountMenu({ account, accounts, commands, onOpenAccounts }: AccountMenuProps) {
  const [isOpen, setOpen] = useState(false);
  useAction("account.switch", () => setOpen(true));
  const { keys } = useActionState("account.switch");
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
    <MenuTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <TooltipTrigger delay={450} isDisabled={keys.length === 0 || isOpen}>
        <AriaButton
          className={styles.account ?? ""}
          // With the words that are seen, for users who press it by voice.
          aria-label={`Account ${account.label} ${service}`}
          render={drawButton(keys)}
          isPending={commands.busy !== null}
        >
          <span className={styles.dot} aria-hidden="true" />
          <span className={styles.text}>
            <bdi className={styles.label}>{account.label}</bdi>{" "}
            <span className={styles.service}>{service}</span>
          </span>
        </AriaButton>
        <Tooltip className={tips.tip ?? ""} placement="right" offset={8}>
          {sayKeys(keys[0])}
        </Tooltip>
      </TooltipTrigger>
      <Popover className={menu.popover ?? ""} placement="top start" offset={6}>
        <Menu className={menu.menu ?? ""} onAction={(id) => act(String(id))} aria-label="Account">
          {others.map((each) => (
            <MenuItem key={each.id} id={each.id} className={menu.item ?? ""} textValue={each.label}>
              <ArrowLeftRight size="0.9375rem" aria-hidden="true" />
              <span className={menu.label}>
                <bdi>{each.label}</bdi>
                <span className={menu.sub}>{serviceOf(each)}</span>
              </span>
            </MenuItem>
          ))}
          {others.length > 0 && <Separator className={menu.separator ?? ""} />}
          <MenuItem id="accounts" className={menu.item ?? ""} textValue="Accounts">
            <UsersRound size="0.9375rem" aria-hidden="true" />
            <span className={menu.label}>Accounts</span>
          </MenuItem>
          <MenuItem id="sign-out" className={menu.item ?? ""} textValue="Sign out…">
            <LogOut size="0.9375rem" aria-hidden="true" />
            <span className={menu.label}>Sign out…</span>
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
