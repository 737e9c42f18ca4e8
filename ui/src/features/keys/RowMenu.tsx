/** What can be done with a row, in the order of the table of actions; with all that is selected, if the row is. */
import {
  ArrowRightLeft,
  Copy,
  CopyPlus,
  KeyRound,
  ListX,
  Moon,
  PanelRightOpen,
  Pencil,
  RefreshCcwDot,
  StickyNote,
  Trash2,
  type LucideIcon,
} from "lucide-react";
import { Fragment, type RefObject } from "react";
import { Menu, MenuItem, Popover, Separator } from "react-aria-components";
import { drawItem } from "../../actions/draw";
import { sayKeys } from "../../actions/keys";
import { actionOf } from "../../actions/table";
import { useShortcut } from "../../actions/useActions";
import { drawOverlay } from "../../components/drawOverlay";
import menu from "../../components/Menu.module.css";
import type { BrowserOperation } from "../../bindings";
import { countOf, formatNumber } from "../../lib/text";
import { useKeychainWait } from "../../state/keychainWait";
import type { RowAction } from "./listContext";

const icons: Record<RowAction, LucideIcon> = {
  details: PanelRightOpen,
  copy: Copy,
  token: KeyRound,
  duplicate: CopyPlus,
  editNote: StickyNote,
  note: Pencil,
  unlist: ListX,
  rotate: RefreshCcwDot,
  swap: ArrowRightLeft,
  retire: Moon,
  delete: Trash2,
};

interface RowMenuProps {
  isOpen: boolean;
  /** What it says of itself to assistive technology. */
  label: string;
  /** The row's button. */
  anchor: RefObject<HTMLElement | null>;
  /** How many keys are copied or deleted. */
  amount: number;
  /** Whether its token is in custody. */
  hasToken: boolean;
  /** Why they can't be deleted together. */
  obstacle: string | null;
  /** The list is the user's own. */
  isOwn: boolean;
  /** What the service has no call for. */
  inBrowser: readonly BrowserOperation[];
  /** Why nothing can be changed at the service now. */
  offline: string | null;
  onAct: (action: RowAction) => void;
  onClose: () => void;
}

export function RowMenu(props: RowMenuProps) {
  const { isOpen, label, anchor, amount, hasToken, obstacle, isOwn, inBrowser, offline, onAct, onClose } =
    props;
  const actions = (Object.keys(icons) as RowAction[]).filter((action) => {
    if (action === "token") return hasToken;
    if (action === "swap" || action === "retire") return !isOwn;
    return isOwn || (action !== "note" && action !== "unlist");
  });
  const { reason: wait } = useKeychainWait();
  const obstacleTo = (action: RowAction) => {
    const { needsKeychain = false, needsService = false } = actionOf(`key.${action}`);
    return (
      (needsKeychain ? wait : null) ??
      (needsService ? offline : null) ??
      (action === "delete" ? obstacle : null)
    );
  };
  return (
    <Popover
      render={drawOverlay}
      isOpen={isOpen}
      onOpenChange={(isStillOpen) => {
        if (!isStillOpen) onClose();
      }}
      triggerRef={anchor}
      aria-label={label}
      className={menu.popover ?? ""}
      placement="bottom end"
      offset={4}
    >
      <Menu
        aria-label={label}
        autoFocus="first"
        className={menu.menu ?? ""}
        disabledKeys={actions.filter((action) => obstacleTo(action) !== null)}
        onAction={(id) => onAct(id as RowAction)}
        onClose={onClose}
      >
        {actions.map((action) => (
          <Fragment key={action}>
            {actionOf(`key.${action}`).startsSection === true && (
              <Separator className={menu.separator ?? ""} />
            )}
            <RowMenuItem
              action={action}
              amount={amount}
              remark={
                obstacleTo(action) ?? (inBrowser.some((each) => each === action) ? "In the browser" : null)
              }
            />
          </Fragment>
        ))}
      </Menu>
    </Popover>
  );
}

interface RowMenuItemProps {
  action: RowAction;
  amount: number;
  /** Why it is off, or where it is done. */
  remark: string | null;
}

function titleOf(action: RowAction, title: string, amount: number): string {
  if (amount < 2) return title;
  if (action === "delete") return `Delete ${countOf(amount, "key")}…`;
  return action === "copy" ? `Copy ${formatNumber(amount)} names and last 8` : title;
}

function RowMenuItem({ action, amount, remark }: RowMenuItemProps) {
  const { title, keys } = useShortcut(`key.${action}`);
  const Icon = icons[action];
  const words = titleOf(action, title, amount);
  return (
    <MenuItem
      id={action}
      className={action === "delete" ? `${menu.item ?? ""} ${menu.danger ?? ""}` : (menu.item ?? "")}
      textValue={words}
      render={drawItem(keys)}
    >
      <Icon size="0.9375rem" aria-hidden="true" />
      <span className={menu.label}>
        {words}
        {remark !== null && <span className={menu.sub}>{remark}</span>}
      </span>
      {keys.length > 0 && <kbd className={menu.keys}>{sayKeys(keys[0])}</kbd>}
    </MenuItem>
  );
}
