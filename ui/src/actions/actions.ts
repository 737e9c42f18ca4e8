/**
 * The one table of what can be done by key. Handlers, tooltips and aria-keyshortcuts read it. What an action does
 * is provided by the view that is on screen, as its targets; an action without its target doesn't apply now.
 */
import { isMac } from "./keys";

export type SettingsTab = "keys" | "activity" | "accounts";

export interface WindowTargets {
  createKey?: (() => void) | undefined;
  focusSearch?: () => void;
  refreshKeys?: () => void;
  openAccountMenu?: () => void;
  selectTab?: (tab: SettingsTab) => void;
}

export interface ListTargets {
  moveRow: (step: 1 | -1) => void;
  openRowMenu: () => void;
  openToken: () => void;
  rotateRow: () => void;
  duplicateRow: () => void;
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
  create: {
    id: "keys.create",
    title: "Create API key",
    group: "API keys",
    keys: ["mod+N"],
    when: (targets) => targets.createKey !== undefined,
    run: (targets) => targets.createKey?.(),
  },
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
  activityTab: {
    id: "window.tab.activity",
    title: "Activity",
    group: "Window",
    keys: ["mod+2"],
    when: (targets) => targets.selectTab !== undefined,
    run: (targets) => targets.selectTab?.("activity"),
  },
  accountsTab: {
    id: "window.tab.accounts",
    title: "Accounts",
    group: "Window",
    keys: ["mod+3"],
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
  token: {
    id: "list.token",
    title: "Open token…",
    group: "API keys",
    keys: [],
    when: () => true,
    run: (targets) => targets.openToken(),
  },
  rotate: {
    id: "list.rotate",
    title: "Rotate…",
    group: "API keys",
    keys: ["mod+Shift+R"],
    when: () => true,
    run: (targets) => targets.rotateRow(),
  },
  duplicate: {
    id: "list.duplicate",
    title: "Duplicate…",
    group: "API keys",
    keys: [],
    when: () => true,
    run: (targets) => targets.duplicateRow(),
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
