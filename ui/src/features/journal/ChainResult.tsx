/** Whether the journal is as it was written. Calm when it is; when it isn't, said before anything else. */
import { ShieldCheck } from "lucide-react";
import { useMemo } from "react";
import type { ChainView } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { formatNumber } from "../../lib/text";
import styles from "./ActivityTab.module.css";
import { chainInWords, type Entry } from "./entries";

interface ChainResultProps {
  entries: readonly Entry[];
  chain: ChainView;
  /** Leads to a row. */
  onShow: (number: number) => void;
}

export function ChainResult({ entries, chain, onShow }: ChainResultProps) {
  const words = useMemo(() => chainInWords(entries, chain), [entries, chain]);
  if (chain.kind === "whole") {
    return (
      <p className={styles.whole}>
        <ShieldCheck size="1rem" aria-hidden="true" className={styles.mark} />
        {words}
      </p>
    );
  }
  return (
    <Banner
      tone="danger"
      isAlert
      actions={<Button onPress={() => onShow(chain.at)}>Show row {formatNumber(chain.at)}</Button>}
    >
      {words}
    </Banner>
  );
}
