/**
 * The one table of what can be done, beside the text that is typed. The native menu, the palette, the cheat sheet,
 * tooltips and aria-keyshortcuts read it. What an action does, and whether it can now, is said by the view that is on
 * screen: see `useAction`. Left out: moving by arrows, Home, End and Page keys, which belong to the grid itself.
 */
import { isMac } from "./keys";

/** The menus of the menu bar, in their order; the groups of the palette and the cheat sheet too. */
export const groups = ["File", "Edit", "Key", "View", "Help"] as const;
type Group = (typeof groups)[number];

export interface Action {
  title: string;
  group: Group;
  /** Chords ("mod+Shift+R") and keys ("F5", "/"); the first is the one that is shown. Preferences may replace them. */
  keys: readonly string[];
  /** Where its keys count. In the menu and the palette it applies anywhere. */
  place: "window" | "list";
  /** Why it can't run while no view offers it. */
  missing: string;
  /** It reads or writes secrets: off until the keychain has answered. */
  needsKeychain?: boolean;
  /** It changes something at the service: off while that can’t be reached. */
  needsService?: boolean;
  /** Some accounts have it and others don't: where no view offers it, it is nowhere to be seen. */
  isOptional?: boolean;
  /** It stays possible while a sheet or the palette is open. */
  isAlways?: boolean;
  /** A line stands before it in the menu. */
  startsSection?: boolean;
}

const noList = "Open the API Keys tab first.";
const noRow = "Choose a key in the list first.";
const notOwn = "The list of this account comes from the service.";
const signedOut = "Sign in to an account first.";

export const actions = {
  "keys.create": {
    title: "Create API key",
    group: "File",
    keys: ["mod+N"],
    place: "window",
    missing: signedOut,
    needsKeychain: true,
    needsService: true,
  },
  "keys.note": {
    title: "Add key to your list…",
    group: "File",
    keys: [],
    place: "window",
    missing: notOwn,
    isOptional: true,
  },
  "keys.paste": {
    title: "Paste keys from the web screen…",
    group: "File",
    keys: [],
    place: "window",
    missing: notOwn,
    isOptional: true,
  },
  "keys.find": {
    title: "Find keys on this machine…",
    group: "File",
    keys: [],
    place: "window",
    missing: notOwn,
    isOptional: true,
  },
  "accounts.add": {
    title: "Add account",
    group: "File",
    keys: [],
    place: "window",
    missing: signedOut,
  },
  "accounts.check": {
    title: "Check the connection…",
    group: "File",
    keys: ["mod+Shift+K"],
    place: "window",
    missing: signedOut,
    needsKeychain: true,
  },
  "notes.import": {
    title: "Import notes…",
    group: "File",
    keys: [],
    place: "window",
    missing: signedOut,
    startsSection: true,
  },
  "notes.export": {
    title: "Export notes…",
    group: "File",
    keys: [],
    place: "window",
    missing: signedOut,
  },
  "journal.csv": {
    title: "Export activity as CSV",
    group: "File",
    keys: [],
    place: "window",
    missing: "Open the Activity tab first.",
    startsSection: true,
  },
  "journal.json": {
    title: "Export activity as JSON",
    group: "File",
    keys: [],
    place: "window",
    missing: "Open the Activity tab first.",
  },
  "app.preferences": {
    title: "Preferences",
    group: "File",
    keys: ["mod+,"],
    place: "window",
    missing: signedOut,
    startsSection: true,
  },
  "app.quit": {
    title: "Quit Pulse Keys",
    group: "File",
    keys: ["mod+Q"],
    place: "window",
    missing: "",
    isAlways: true,
    startsSection: true,
  },

  "list.search": {
    title: "Search",
    group: "Edit",
    keys: ["mod+F", "/"],
    place: "window",
    missing: "There is nothing to search here.",
    startsSection: true,
  },
  "selection.all": {
    title: "Select all keys",
    group: "Edit",
    keys: ["mod+A"],
    place: "list",
    missing: noList,
    startsSection: true,
  },
  "selection.clear": {
    title: "Clear selection",
    group: "Edit",
    keys: ["Escape"],
    place: "list",
    missing: noList,
  },

  "key.details": {
    title: "Details",
    group: "Key",
    keys: ["Enter"],
    place: "list",
    missing: noRow,
  },
  "key.menu": {
    title: "Row menu",
    group: "Key",
    keys: ["Shift+F10", "ContextMenu"],
    place: "list",
    missing: noRow,
  },
  "selection.toggle": {
    title: "Select",
    group: "Key",
    keys: ["Space"],
    place: "list",
    missing: noRow,
  },
  "key.copy": {
    title: "Copy name and last 8",
    group: "Key",
    keys: ["mod+C"],
    place: "list",
    missing: noRow,
    startsSection: true,
  },
  "key.token": {
    title: "Open token…",
    group: "Key",
    keys: ["mod+O"],
    place: "list",
    missing: noRow,
    needsKeychain: true,
  },
  "key.duplicate": {
    title: "Duplicate…",
    group: "Key",
    keys: ["mod+D"],
    place: "list",
    missing: noRow,
    needsKeychain: true,
    needsService: true,
  },
  "key.editNote": {
    title: "Edit note…",
    group: "Key",
    keys: ["mod+E"],
    place: "list",
    missing: noRow,
  },
  "key.note": {
    title: "Edit in your list…",
    group: "Key",
    keys: [],
    place: "list",
    missing: notOwn,
    isOptional: true,
  },
  "key.unlist": {
    title: "Remove from your list…",
    group: "Key",
    keys: [],
    place: "list",
    missing: notOwn,
    isOptional: true,
  },
  "key.rotate": {
    title: "Rotate…",
    group: "Key",
    keys: ["mod+Shift+R"],
    place: "list",
    missing: noRow,
    needsKeychain: true,
    needsService: true,
    startsSection: true,
  },
  "key.swap": {
    title: "Swap without a gap…",
    group: "Key",
    keys: ["mod+Shift+S"],
    place: "list",
    missing: noRow,
    needsKeychain: true,
  },
  "key.retire": {
    title: "Retire…",
    group: "Key",
    keys: ["mod+Shift+E"],
    place: "list",
    missing: noRow,
  },
  "key.delete": {
    title: "Delete…",
    group: "Key",
    keys: isMac ? ["Delete", "Backspace"] : ["Delete"],
    place: "list",
    missing: noRow,
    needsKeychain: true,
    needsService: true,
  },
  "usage.recognise": {
    title: "I found this string…",
    group: "Key",
    keys: ["mod+Shift+F"],
    place: "window",
    missing: signedOut,
    startsSection: true,
  },

  "app.palette": {
    title: "Command palette",
    group: "View",
    keys: ["mod+K"],
    place: "window",
    missing: signedOut,
  },
  "list.refresh": {
    title: "Refresh",
    group: "View",
    keys: ["mod+R", "F5"],
    place: "window",
    missing: "There is nothing to refresh here.",
  },
  "list.notes": {
    title: "Show or hide notes in the list",
    group: "View",
    keys: [],
    place: "window",
    missing: signedOut,
  },
  "list.next": {
    title: "Next row",
    group: "View",
    keys: ["j"],
    place: "list",
    missing: "There is no list here.",
    startsSection: true,
  },
  "list.previous": {
    title: "Previous row",
    group: "View",
    keys: ["k"],
    place: "list",
    missing: "There is no list here.",
  },
  "tab.keys": {
    title: "API Keys",
    group: "View",
    keys: ["mod+1"],
    place: "window",
    missing: signedOut,
    startsSection: true,
  },
  "tab.activity": {
    title: "Activity",
    group: "View",
    keys: ["mod+2"],
    place: "window",
    missing: signedOut,
  },
  "tab.accounts": {
    title: "Accounts",
    group: "View",
    keys: ["mod+3"],
    place: "window",
    missing: signedOut,
  },
  "tab.preferences": {
    title: "Preferences tab",
    group: "View",
    keys: ["mod+4"],
    place: "window",
    missing: signedOut,
  },
  "team.switch": {
    title: "Switch team",
    group: "View",
    keys: ["mod+Shift+T"],
    place: "window",
    missing: signedOut,
    startsSection: true,
  },
  "account.switch": {
    title: "Switch account",
    group: "View",
    keys: ["mod+Shift+A"],
    place: "window",
    missing: signedOut,
  },
  "zoom.in": {
    title: "Zoom in",
    group: "View",
    keys: ["mod++", "mod+="],
    place: "window",
    missing: signedOut,
    isAlways: true,
    startsSection: true,
  },
  "zoom.out": {
    title: "Zoom out",
    group: "View",
    keys: ["mod+-"],
    place: "window",
    missing: signedOut,
    isAlways: true,
  },
  "zoom.reset": {
    title: "Actual size",
    group: "View",
    keys: ["mod+0"],
    place: "window",
    missing: signedOut,
    isAlways: true,
  },

  "help.shortcuts": {
    title: "Keyboard shortcuts",
    group: "Help",
    keys: ["?", "mod+/"],
    place: "window",
    missing: "",
  },
  "help.dashboard": {
    title: "Open PulseAPI dashboard",
    group: "Help",
    keys: [],
    place: "window",
    missing: "This account is in the sandbox; it has no dashboard.",
  },
} as const satisfies Record<string, Action>;

export type ActionId = keyof typeof actions;

export const actionIds = Object.keys(actions) as ActionId[];

export function actionOf(id: ActionId): Action {
  return actions[id];
}

export function isActionId(id: string): id is ActionId {
  return Object.hasOwn(actions, id);
}
