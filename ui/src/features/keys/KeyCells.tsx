/** What stands in the cells of a row that do more than show a text. */
import { CopyPlus, Ellipsis, Hourglass, KeyRound, LockKeyhole, RefreshCcwDot, Trash2 } from "lucide-react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { ariaKeys, sayKeys } from "../../actions/keys";
import { useActionState } from "../../actions/useActions";
import type { KeyRow, TokenInCustody } from "../../bindings";
import { Button } from "../../components/Button";
import grid from "../../components/Grid.module.css";
import menu from "../../components/Menu.module.css";
import { Name } from "../../components/Name";
import { forDisplay } from "../../lib/text";
import styles from "./KeysTable.module.css";
import { useListState, type RowAction } from "./listContext";

export function NameCell({ row }: { row: KeyRow }) {
  const { cardOf, leaving } = useListState();
  return (
    <span
      className={styles.nameCell}
      data-current={cardOf === row.id || undefined}
      data-leaving={leaving === row.id || undefined}
    >
      <Name name={row.name} />
      {row.own && (
        <span className={styles.badge} data-tip="Pulse Keys signs in with this key">
          this app
        </span>
      )}
    </span>
  );
}

/** The last 8 characters, and whether the whole token is still here. */
export function TokenCell({ row }: { row: KeyRow }) {
  const { tokens } = useListState();
  const token = tokens.get(row.id);
  const isHere = token?.lastEight === row.lastEight;
  return (
    <span className={grid.token}>
      …{row.lastEight}
      {isHere && (
        <span
          role="img"
          className={styles.kept}
          data-state={token.state}
          aria-label={token.state}
          data-tip={whereabouts(token)}
        >
          {token.state === "waiting" ? (
            <Hourglass size="0.75rem" aria-hidden="true" />
          ) : (
            <LockKeyhole size="0.75rem" aria-hidden="true" />
          )}
        </span>
      )}
    </span>
  );
}

function whereabouts({ state, place }: TokenInCustody): string {
  if (state === "kept") return "Its token is kept in your keychain";
  return place === "memory"
    ? "Its token waits for you, in this window only"
    : "Its token waits for you in your keychain";
}

const icons = { token: KeyRound, rotate: RefreshCcwDot, duplicate: CopyPlus, delete: Trash2 };

export function RowMenu({ row }: { row: KeyRow }) {
  const { menuOf, setMenuOf, act, tokens } = useListState();
  const { shown } = forDisplay(row.name);
  const items: RowAction[] = [
    ...(tokens.has(row.id) ? ["token" as const] : []),
    "rotate",
    "duplicate",
    "delete",
  ];
  return (
    <MenuTrigger isOpen={menuOf === row.id} onOpenChange={(isOpen) => setMenuOf(isOpen ? row.id : null)}>
      <Button look="quiet" isIcon aria-label={`Actions for ${shown === "" ? `…${row.lastEight}` : shown}`}>
        <Ellipsis size="1rem" aria-hidden="true" />
      </Button>
      <Popover className={menu.popover ?? ""} placement="bottom end" offset={4}>
        <Menu className={menu.menu ?? ""} onAction={(id) => act(id as RowAction, row)}>
          {items.map((action) => (
            <RowMenuItem key={action} action={action} />
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function RowMenuItem({ action }: { action: RowAction }) {
  const { title, keys } = useActionState(`key.${action}`);
  const Icon = icons[action];
  return (
    <MenuItem
      id={action}
      className={action === "delete" ? `${menu.item ?? ""} ${menu.danger ?? ""}` : (menu.item ?? "")}
      textValue={title}
      aria-keyshortcuts={ariaKeys(keys)}
    >
      <Icon size="0.9375rem" aria-hidden="true" />
      <span className={menu.label}>{title}</span>
      {keys.length > 0 && <kbd className={menu.keys}>{sayKeys(keys[0])}</kbd>}
    </MenuItem>
  );
}
