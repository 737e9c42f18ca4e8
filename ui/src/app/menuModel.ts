/** The native menu, made from the table of actions. Editing text is native to the window and so not in the table. */
import type { ActionState } from "../actions/registry";
import { actionOf, groups } from "../actions/table";
import type { EditAction, MenuItem, MenuModel } from "../bindings";

const editActions: readonly (EditAction | "line")[] = [
  "undo",
  "redo",
  "line",
  "cut",
  "copy",
  "paste",
  "select_all",
];

const editing: readonly MenuItem[] = editActions.map((action) =>
  action === "line" ? { kind: "separator" } : { kind: "edit", action },
);

function itemsOf(states: readonly ActionState[]): MenuItem[] {
  return states.flatMap(({ id, title, keys, obstacle }, place): MenuItem[] => {
    const item: MenuItem = {
      kind: "action",
      id,
      title,
      keys: keys[0] ?? null,
      enabled: obstacle === null,
      checked: null,
    };
    return actionOf(id).startsSection === true && place > 0 ? [{ kind: "separator" }, item] : [item];
  });
}

export function menuModel(states: readonly ActionState[]): MenuModel {
  return {
    menus: groups.map((title) => {
      const items = itemsOf(states.filter(({ id }) => actionOf(id).group === title));
      return {
        // With the letter that opens it.
        title: `&${title}`,
        items: title === "Edit" ? [...editing, { kind: "separator" as const }, ...items] : items,
      };
    }),
  };
}
