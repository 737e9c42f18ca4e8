/** The details of a key as a sheet, and where their buttons lead. */
import type { AccountId, KeyRow } from "../../bindings";
import { useSheetControls } from "../../navigation/registry";
import { useSheets } from "../../navigation/sheets";
import { tokensByKey, useCustody } from "../../state/useCustody";
import { DetailsSheet } from "./DetailsSheet";

interface KeyDetailsProps {
  account: AccountId;
  row: KeyRow;
  isArriving: boolean;
}

export function KeyDetails(props: KeyDetailsProps) {
  const { account: of, row } = props;
  const { account, accounts, close, replace } = useSheetControls();
  const { open } = useSheets();
  const { tokens } = useCustody();
  const token = tokensByKey(tokens, of).get(row.id) ?? null;
  return (
    <DetailsSheet
      {...props}
      otherAccount={accounts.find(({ id }) => id === of && id !== account?.id)?.label ?? null}
      token={token}
      onClose={close}
      onToken={() => {
        if (token !== null) replace({ kind: "reveal", token: token.id });
      }}
      onNote={() => open({ kind: "edit_note", account: of, key: row.id, row })}
      onRotate={() => replace({ kind: "rotate", account: of, key: row.id, row })}
      onDuplicate={() => {
        close();
        open({ kind: "create", like: row });
      }}
      onDelete={() => replace({ kind: "delete", account: of, key: row.id, row })}
    />
  );
}
