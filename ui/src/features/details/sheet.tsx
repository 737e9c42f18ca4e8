/** The details of a key among the sheets: what they are opened with. */
import type { KeyRow } from "../../bindings";
import type { Opening, OpenSheet } from "../../navigation/registry";
import { part } from "../../lib/part";
import { SheetPart } from "../../navigation/SheetPart";

const keyDetails = part(() => import("./KeyDetails").then(({ KeyDetails }) => KeyDetails));

export const openDetails: OpenSheet<"details"> = (
  { account, key, row, isRowWanted = false },
  { cache, look },
) => {
  const openingOf = (known: KeyRow): Opening => ({
    subject: { account, key },
    focus: { account, key, isRowWanted, isKept: true },
    draw: (isArriving) => (
      <SheetPart part={keyDetails}>
        {(KeyDetails) => <KeyDetails account={account} row={known} isArriving={isArriving} />}
      </SheetPart>
    ),
  });
  const known = row ?? cache.row(account, key);
  return known === null
    ? look(account, key).then((found) => (found === null ? null : openingOf(found)))
    : openingOf(known);
};
