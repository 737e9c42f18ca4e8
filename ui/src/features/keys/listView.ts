/** What of the list lasts while the window is open, beside what the preferences remember: search and selection. */
import type { AccountId, KeyRow } from "../../bindings";

export type KeyIds = ReadonlySet<KeyRow["id"]>;

export interface ListView {
  search: string;
  /** Whose keys, because two services may give the same id. */
  selection: { account: AccountId | null; ids: KeyIds };
}

export const noKeys: KeyIds = new Set();

const firstView: ListView = { search: "", selection: { account: null, ids: noKeys } };

/** Keeps the view while another tab is shown. */
export class KeptView {
  #view = firstView;

  readonly read = () => this.#view;

  readonly keep = (view: ListView) => {
    this.#view = view;
  };
}
