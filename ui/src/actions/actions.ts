/**
 * The one table of what can be done by key. Handlers, tooltips and aria-keyshortcuts read it. What an action does
 * is provided by the view that is on screen, as its targets; an action without its target doesn't apply now.
 */
import { isMac } from "./keys";

export type SettingsTab = "keys" | "accounts";

export interface WindowTargets {
  focusSearch?: () => void;
  refreshKeys?: () => void;
  openAccountMenu?: () => void;
  selectTab?: (tab: SettingsTab) => void;
}

export interface ListTargets {
  moveRow: (step: 1 | -1) => void;
  openRowMenu: () => void;
  deleteRow: () => void;
}

export interface Action<Targets> {
  id: string;
  title: string;
  group: "API keys" | "Window";
  keys: readonly string[];
  /** Whether a plain key works while the focus is in a text field. */
  whileTyping?: boolean;
  when: (targets: Targets) => boolean;
  run: (targets: Targets) => void;
}

/** Anywhere in the window, while no sheet is open. */
export const windowActions = {
  search: {
    id: "keys.search",
    title: "Search keys",
    group: "API keys",
    keys: ["mod+F", "/"],
    when: (targets) => targets.focusSearch !== undefined,
    run: (targets) => targets.focusSearch?.(),
  },
  refresh: {
    id: "keys.refresh",
    title: "Refresh",
    group: "API keys",
    keys: ["mod+R", "F5"],
    whileTyping: true,
    when: (targets) => targets.refreshKeys !== undefined,
    run: (targets) => targets.refreshKeys?.(),
  },
  keysTab: {
    id: "window.tab.keys",
    title: "API Keys",
    group: "Window",
    keys: ["mod+1"],
    when: (targets) => targets.selectTab !== undefined,
    run: (targets) => targets.selectTab?.("keys"),
  },
  accountsTab: {
    id: "window.tab.accounts",
    title: "Accounts",
    group: "Window",
    keys: ["mod+2"],
    when: (targets) => targets.selectTab !== undefined,
    run: (targets) => targets.selectTab?.("accounts"),
  },
  accountMenu: {
    id: "window.accounts",
    title: "Switch account",
    group: "Window",
    keys: ["mod+Shift+A"],
    when: (targets) => targets.openAccountMenu !== undefined,
    run: (targets) => targets.openAccountMenu?.(),
  },
} satisfies Record<string, Action<WindowTargets>>;

/** On the focused row of the list. Never a menu accelerator: Delete has to stay a key of text fields. */
export const listActions = {
  next: {
    id: "list.next",
    title: "Next key",
    group: "API keys",
    keys: ["j"],
    when: () => true,
    run: (targets) => targets.moveRow(1),
  },
  previous: {
    id: "list.previous",
    title: "Previous key",
    group: "API keys",
    keys: ["k"],
    when: () => true,
    run: (targets) => targets.moveRow(-1),
  },
  menu: {
    id: "list.menu",
    title: "Row menu",
    group: "API keys",
    keys: ["Shift+F10", "ContextMenu"],
    when: () => true,
    run: (targets) => targets.openRowMenu(),
  },
  delete: {
    id: "list.delete",
    title: "Delete…",
    group: "API keys",
    keys: isMac ? ["Delete", "Backspace"] : ["Delete"],
    when: () => true,
    run: (targets) => targets.deleteRow(),
  },
} satisfies Record<string, Action<ListTargets>>;
