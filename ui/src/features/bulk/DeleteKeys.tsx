/** The sheet that deletes several keys, and what follows when it ends. */
import type { AccountId, BulkResult, KeyRow } from "../../bindings";
import { useSheetControls } from "../../navigation/registry";
import { useKeyCache } from "../../state/useKeys";
import { BulkSheet } from "./BulkSheet";
import { isGone, restOf } from "./results";

interface DeleteKeysProps {
  account: AccountId;
  rows: readonly KeyRow[];
  isArriving: boolean;
}

const goneOf = (results: readonly BulkResult[]) => results.filter(isGone).map(({ key }) => key);

export function DeleteKeys(props: DeleteKeysProps) {
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
