/** What stands in a row's first and last cell. */
import { Ellipsis, Trash2 } from "lucide-react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { listActions } from "../../actions/actions";
import { ariaKeys, sayKeys } from "../../actions/keys";
import type { KeyRow } from "../../bindings";
import { Button } from "../../components/Button";
import menu from "../../components/Menu.module.css";
import { Name } from "../../components/Name";
import { forDisplay } from "../../lib/text";
import styles from "./KeysTable.module.css";
import { useListState } from "./listContext";

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

export function RowMenu({ row }: { row: KeyRow }) {
  const { menuOf, setMenuOf, openCard } = useListState();
  const { shown } = forDisplay(row.name);
  return (
    <MenuTrigger isOpen={menuOf === row.id} onOpenChange={(isOpen) => setMenuOf(isOpen ? row.id : null)}>
      <Button look="quiet" isIcon aria-label={`Actions for ${shown === "" ? `…${row.lastEight}` : shown}`}>
        <Ellipsis size="1rem" aria-hidden="true" />
      </Button>
      <Popover className={menu.popover ?? ""} placement="bottom end" offset={4}>
        <Menu className={menu.menu ?? ""} onAction={() => openCard(row)}>
          <MenuItem
            id="delete"
            className={`${menu.item ?? ""} ${menu.danger ?? ""}`}
            textValue={listActions.delete.title}
            aria-keyshortcuts={ariaKeys(listActions.delete.keys)}
          >
            <Trash2 size="0.9375rem" aria-hidden="true" />
            <span className={menu.label}>{listActions.delete.title}</span>
            <kbd className={menu.keys}>{sayKeys(listActions.delete.keys[0])}</kbd>
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
