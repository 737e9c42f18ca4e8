/** The sheets of guided mode, one part together: each by itself would cost the first screen's script more. */
import type { AccountId, AccountView, KeyRow } from "../../bindings";
import { CreateInBrowser } from "./CreateInBrowser";
import { FindKeys } from "./FindKeys";
import { NoteKey } from "./NoteKey";
import { PasteKeys } from "./PasteKeys";
import { RotateInBrowser } from "./RotateInBrowser";

export type GuidedSheetProps =
  | { kind: "note"; account: AccountView; row: KeyRow | null }
  | { kind: "paste" | "find"; account: AccountId }
  | { kind: "create"; account: AccountView; team: string | null; like: KeyRow | null }
  | { kind: "rotate"; account: AccountId; id: KeyRow["id"]; row: KeyRow | null; isArriving: boolean };

export function GuidedSheet(props: GuidedSheetProps) {
  switch (props.kind) {
    case "note":
      return <NoteKey {...props} />;
    case "paste":
      return <PasteKeys {...props} />;
    case "find":
      return <FindKeys {...props} />;
    case "create":
      return <CreateInBrowser {...props} />;
    case "rotate":
      return <RotateInBrowser {...props} />;
  }
}
