/**
 * The marks of keys that have a part in a swap: how far that is. Draws nothing itself; the table puts them beside the tokens.
 */
import { ArrowRightLeft } from "lucide-react";
import { useEffect } from "react";
import type { AccountId, KeyRow, SwapView } from "../../bindings";
import { useSwaps, useSwapsByKey } from "../../state/useSwaps";
import { calledOf } from "./called";
import styles from "./KeysTable.module.css";
import type { Marks } from "./listContext";

interface SwapMarksProps {
  account: AccountId;
  /** When the list was fetched: it tells when keys were used. */
  fetchedAt: string | null;
  onMarks: (marks: Marks) => void;
}

export function SwapMarks({ account, fetchedAt, onMarks }: SwapMarksProps): null {
  const { ask } = useSwaps();
  const swaps = useSwapsByKey(account);
  useEffect(() => {
    if (fetchedAt !== null) ask();
  }, [fetchedAt, ask]);
  useEffect(() => {
    const marks = [...swaps].map(
      ([key, swap]) => [key, <SwapMark key={key} id={key} swap={swap} />] as const,
    );
    onMarks(new Map(marks));
  }, [swaps, onMarks]);
  return null;
}

function SwapMark({ id, swap }: { id: KeyRow["id"]; swap: SwapView }) {
  const words = swap.key === id ? swap.mark : `Takes the place of ${calledOf(swap)}. ${swap.mark}`;
  return (
    <span role="img" className={styles.kept} data-swap={swap.stage} aria-label={words} data-tip={words}>
      <ArrowRightLeft size="0.75rem" aria-hidden="true" />
    </span>
  );
}
