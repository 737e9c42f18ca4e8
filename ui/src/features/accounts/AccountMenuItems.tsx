/** The menu of the account: the others, the way to all of them, and signing out. */
import { ArrowLeftRight, LogOut, UsersRound } from "lucide-react";
import type { RefObject } from "react";
import { Menu, MenuItem, Popover, Separator } from "react-aria-components";
import type { AccountView } from "../../bindings";
import { drawOverlay } from "../../components/drawOverlay";
import menu from "../../components/Menu.module.css";
import { serviceOf } from "../../lib/accountWords";

export interface AccountMenuItemsProps {
  isOpen: boolean;
  anchor: RefObject<HTMLElement | null>;
  others: readonly AccountView[];
  onAction: (id: string) => void;
  onClose: () => void;
}

export function AccountMenuItems({ isOpen, anchor, others, onAction, onClose }: AccountMenuItemsProps) {
  return (
    <Popover
      render={drawOverlay}
      isOpen={isOpen}
      onOpenChange={(isStillOpen) => {
        if (!isStillOpen) onClose();
      }}
      triggerRef={anchor}
      aria-label="Account"
      className={menu.popover ?? ""}
      placement="top start"
      offset={6}
    >
      <Menu
        autoFocus="first"
        className={menu.menu ?? ""}
        onAction={(id) => onAction(String(id))}
        onClose={onClose}
        aria-label="Account"
      >
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
  );
}
