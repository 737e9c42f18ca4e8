/** The delete card among the sheets: what it is opened with. */
import type { OpenSheet } from "../../navigation/registry";
import { part } from "../../lib/part";
import { SheetPart } from "../../navigation/SheetPart";

const deleteKey = part(() => import("./DeleteKey").then(({ DeleteKey }) => DeleteKey));

export const openDelete: OpenSheet<"delete"> = ({ account, key, row }, { cache }) => {
  const known = row ?? cache.row(account, key);
  return {
    subject: { account, key },
    focus: { account, key, isKept: true },
    draw: (isArriving) => (
      <SheetPart part={deleteKey}>
        {(DeleteKey) => <DeleteKey account={account} id={key} row={known} isArriving={isArriving} />}
      </SheetPart>
    ),
  };
};
