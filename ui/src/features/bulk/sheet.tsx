/** Deleting several keys among the sheets: what it is opened with, and what follows when it ends. */
import type { AccountId, BulkResult, KeyRow } from "../../bindings";
import { useSheetControls } from "../../navigation/controls";
import type { OpenSheet } from "../../navigation/registry";
import { useKeyCache } from "../../state/useKeys";
import { BulkSheet } from "./BulkSheet";
import { isGone, restOf } from "./results";

export const openBulkDelete: OpenSheet<"bulk_delete"> = ({ account, keys }, { cache }) => {
  const rows = keys.map((key) => cache.row(account, key)).filter((row) => row !== null);
  const [first] = rows;
  if (first === undefined) return null;
  return {
    subject: null,
    focus: { account, key: first.id, isKept: true },
    draw: (isArriving) => <DeleteKeys account={account} rows={rows} isArriving={isArriving} />,
  };
};

interface DeleteKeysProps {
  account: AccountId;
  rows: readonly KeyRow[];
  isArriving: boolean;
}

const goneOf = (results: readonly BulkResult[]) => results.filter(isGone).map(({ key }) => key);

function DeleteKeys(props: DeleteKeysProps) {
  const { account } = props;
  const { close, sent, leave, signIn } = useSheetControls();
  const cache = useKeyCache();
  return (
    <BulkSheet
      {...props}
      onClose={(results) => {
        if (results.length === 0) close();
        // What is left is there to be tried again.
        else leave(account, goneOf(results), restOf(results));
      }}
      onSent={() => sent(account)}
      onSignIn={(results) => {
        // Nothing fades: another tab comes.
        cache.remove(account, ...goneOf(results));
        signIn(account, restOf(results));
      }}
    />
  );
}
