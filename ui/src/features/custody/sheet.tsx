/** A token in custody among the sheets: what it is opened with. */
import type { Custody } from "../../bindings";
import type { OpenSheet } from "../../navigation/registry";
import { custodyKey } from "../../state/queryKeys";
import { part } from "../../lib/part";
import { SheetPart } from "../../navigation/SheetPart";

const revealToken = part(() => import("./RevealToken").then(({ RevealToken }) => RevealToken));

export const openReveal: OpenSheet<"reveal"> = (
  { token: id, trouble = null, tested = null, written = null },
  { client },
) => {
  const token = client.getQueryData<Custody>(custodyKey)?.tokens.find((each) => each.id === id);
  if (token === undefined) return null;
  const { account, key } = token;
  return {
    subject: { account, key },
    focus: { account, key, isKept: false },
    draw: (isArriving) => (
      <SheetPart part={revealToken}>
        {(RevealToken) => (
          <RevealToken
            opened={token}
            trouble={trouble}
            tested={tested}
            written={written}
            isArriving={isArriving}
          />
        )}
      </SheetPart>
    ),
  };
};
