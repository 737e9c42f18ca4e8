/** The delete card among the sheets: what it is opened with. */
import type { OpenSheet } from "../../navigation/registry";
import { part } from "../../lib/part";
import { SheetPart } from "../../navigation/SheetPart";

const deleteSheet = part(() => import("./DeleteSheet").then(({ DeleteSheet }) => DeleteSheet));

export const openDelete: OpenSheet<"delete"> = ({ account, key, row }, { cache }) => {
  const known = row ?? cache.row(account, key);
  return {
    subject: { account, key },
    focus: { account, key, isKept: true },
    draw: (isArriving) => (
      <SheetPart part={deleteSheet}>
        {(DeleteSheet) => <DeleteSheet account={account} id={key} row={known} isArriving={isArriving} />}
      </SheetPart>
    ),
  };
};
