/** Deleting several keys among the sheets: what it is opened with. */
import type { OpenSheet } from "../../navigation/registry";
import { part } from "../../lib/part";
import { SheetPart } from "../../navigation/SheetPart";

const deleteKeys = part(() => import("./DeleteKeys").then(({ DeleteKeys }) => DeleteKeys));

export const openBulkDelete: OpenSheet<"bulk_delete"> = ({ account, keys }, { cache }) => {
  const rows = keys.map((key) => cache.row(account, key)).filter((row) => row !== null);
  const [first] = rows;
  if (first === undefined) return null;
  return {
    subject: null,
    focus: { account, key: first.id, isKept: true },
    draw: (isArriving) => (
      <SheetPart part={deleteKeys}>
        {(DeleteKeys) => <DeleteKeys account={account} rows={rows} isArriving={isArriving} />}
      </SheetPart>
    ),
  };
};
