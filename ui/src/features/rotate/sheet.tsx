/** The rotate card among the sheets: what it is opened with. */
import type { OpenSheet } from "../../navigation/registry";
import { part } from "../../lib/part";
import { SheetPart } from "../../navigation/SheetPart";

const rotateKey = part(() => import("./RotateKey").then(({ RotateKey }) => RotateKey));

export const openRotate: OpenSheet<"rotate"> = ({ account, key, row }, { cache }) => {
  const known = row ?? cache.row(account, key);
  return {
    subject: { account, key },
    focus: { account, key, isKept: true },
    draw: (isArriving) => (
      <SheetPart part={rotateKey}>
        {(RotateKey) => <RotateKey account={account} id={key} row={known} isArriving={isArriving} />}
      </SheetPart>
    ),
  };
};
