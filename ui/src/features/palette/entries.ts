/** What the palette can find: actions, keys, accounts, teams, each with the words that it is found by. Pure. */
import type { ActionState } from "../../actions/registry";
import type { ActionId } from "../../actions/table";
import type { AccountId, AccountView, KeyRow } from "../../bindings";
import { serviceOf } from "../../lib/accountWords";
import { forDisplay } from "../../lib/text";

/** An action as it was when the palette opened. */
export interface ActionThen extends ActionState {
  /** What it would be done to, where that is not in its title. */
  subject: string | null;
}

export type Entry =
  | { kind: "action"; state: ActionThen }
  | { kind: "key"; account: AccountId; row: KeyRow }
  | { kind: "account"; account: AccountView }
  /** One team's keys, or those of all. */
  | { kind: "team"; team: string | null; name: string; role: string | null };

/** What people call it who don't know our word for it. */
const otherWords: Partial<Record<ActionId, string>> = {
  "keys.create": "new token generate",
  "keys.note": "write down new token",
  "keys.paste": "import csv table web",
  "accounts.add": "connect log in sign in",
  "accounts.check": "report diagnose network server support",
  "journal.csv": "save download journal",
  "journal.json": "save download journal",
  "app.preferences": "settings options theme density zoom",
  "app.quit": "exit close",
  "list.search": "find filter",
  "key.details": "open info show",
  "key.copy": "clipboard",
  "key.token": "reveal secret",
  "key.duplicate": "clone",
  "key.rotate": "renew regenerate roll replace leaked",
  "key.swap": "replace rotate grace sibling second quiet overlap",
  "key.retire": "watch quiet decommission sunset later",
  "key.delete": "revoke remove",
  "usage.recognise": "whose which key token leaked identify recognise paste drop file",
  "list.refresh": "reload update",
  "tab.keys": "tokens list",
  "tab.activity": "journal history log",
  "account.switch": "sign out log out",
  "team.switch": "workspace",
  "help.shortcuts": "cheat sheet bindings",
  "help.dashboard": "web browser site",
};

/** The same for as long as the window is open, whatever it is called. */
export function idOf(entry: Entry): string {
  switch (entry.kind) {
    case "action":
      return `action ${entry.state.id}`;
    case "key":
      return `key ${entry.account} ${entry.row.id}`;
    case "account":
      return `account ${entry.account.id}`;
    case "team":
      return `team ${entry.team ?? ""}`;
  }
}

/** What it is called on screen; matched letters are counted in it. */
export function titleOf(entry: Entry): string {
  switch (entry.kind) {
    case "action":
      return entry.state.title;
    case "key":
      return forDisplay(entry.row.name).shown;
    case "account":
      return entry.account.label;
    case "team":
      return entry.name;
  }
}

/** What else it is found by. A key's last 8 characters are matched in their own way. */
export function otherWordsOf(entry: Entry): string {
  switch (entry.kind) {
    case "action":
      return otherWords[entry.state.id] ?? "";
    case "key":
      return "";
    case "account":
      return `${serviceOf(entry.account)} account`;
    case "team":
      return "team";
  }
}

/** Why it can't be chosen now; none when it can. */
export function obstacleOf(entry: Entry): string | null {
  return entry.kind === "action" ? entry.state.obstacle : null;
}
