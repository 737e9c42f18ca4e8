/** What a sheet is about while it is open. What may be asked for is in `sheets`; drawing it, in `SheetsProvider`. */
import type { AccountId, AccountView, KeyRow, TokenInCustody, UiError } from "../bindings";
import type { Draft } from "../features/create/draft";

export type Shown =
  | {
      kind: "create";
      account: AccountView;
      team: string | null;
      first: Draft;
      isResumed: boolean;
      /** What keys are called already. */
      names: readonly string[];
    }
  | { kind: "rotate"; account: AccountId; key: KeyRow["id"]; row: KeyRow | null }
  | { kind: "delete"; account: AccountId; key: KeyRow["id"]; row: KeyRow | null }
  | { kind: "details"; account: AccountId; key: KeyRow["id"]; row: KeyRow }
  | { kind: "bulk_delete"; account: AccountId; rows: readonly KeyRow[] }
  | { kind: "reveal"; token: TokenInCustody; trouble: UiError | null };

/** A row of the list on screen: another account may have the same number for something else. */
export function subjectOf(shown: Shown | null, account: AccountId | null): KeyRow["id"] | null {
  switch (shown?.kind) {
    case "rotate":
    case "delete":
    case "details":
      return shown.account === account ? shown.key : null;
    case "reveal":
      return shown.token.account === account ? shown.token.key : null;
    case "create":
    case "bulk_delete":
    case undefined:
      return null;
  }
}
