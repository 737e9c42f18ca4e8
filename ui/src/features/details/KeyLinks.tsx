/**
 * Follows links to keys (pulsekeys://key/ID): opens the details, and does nothing with the key. A link never switches
 * the account; a key of another one is shown with that account's name. It waits for what is open to be closed, and for
 * the list while that is on its way: numbers mean something else in each account, so the one in use goes first.
 */
import { useIsFetching } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useIsModalOpen } from "../../actions/useActions";
import type { AccountView, KeyRow } from "../../bindings";
import { useToast } from "../../components/Toasts";
import { forDisplay } from "../../lib/text";
import { useLinks } from "../../navigation/links";
import { useSheets } from "../../navigation/sheets";
import { listKey } from "../../state/queryKeys";
import { useCustody } from "../../state/useCustody";
import { useKeyLookup } from "../../state/useKeyLookup";

interface KeyLinksProps {
  account: AccountView;
  accounts: readonly AccountView[];
  onShowList: (() => void) | undefined;
}

export function KeyLinks({ account: { id: active }, accounts, onShowList }: KeyLinksProps) {
  const [wanted, setWanted] = useState<KeyRow["id"] | null>(null);
  const isFetching = useIsFetching({ queryKey: listKey(active), exact: true }) > 0;
  const toast = useToast();
  const look = useKeyLookup();
  const { current, open } = useSheets();
  const { tokens, error } = useCustody();
  // No sheet is open, and none is about to be: a token that waits comes first.
  const isFree = current === null && (tokens !== undefined || error !== null);
  // The palette and the list of shortcuts, too, are left before anything else opens.
  const isModalOpen = useIsModalOpen();
  useLinks(setWanted);

  useEffect(() => {
    if (wanted === null || !isFree || isModalOpen) return;
    let isCurrent = true;
    const follow = async () => {
      const others = accounts.map(({ id }) => id).filter((id) => id !== active);
      for (const account of [active, ...others]) {
        const row = await look(account, wanted);
        if (!isCurrent) return;
        if (row !== null) {
          setWanted(null);
          const isInUse = account === active;
          if (isInUse) {
            // It would come back to a tab that is not the one on screen any more.
            if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
            onShowList?.();
          }
          open({ kind: "details", account, key: row.id, row, isRowWanted: isInUse });
          return;
        }
        // It may be in what arrives; this is asked again then.
        if (account === active && isFetching) return;
      }
      setWanted(null);
      toast({ message: `No key ${forDisplay(wanted).shown} in your accounts.` });
    };
    // After whatever else opens at this moment: a token that waits comes first.
    const timer = setTimeout(() => void follow());
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [wanted, isFree, isModalOpen, isFetching, active, accounts, look, onShowList, open, toast]);
  return null;
}
