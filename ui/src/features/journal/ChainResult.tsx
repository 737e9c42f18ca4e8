/** Whether the journal is as it was written. Calm when it is; when it isn't, said before anything else. */
import { ShieldAlert, ShieldCheck, ShieldEllipsis } from "lucide-react";
import type { JournalVerified, JournalVerifying, UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { countOf, formatNumber } from "../../lib/text";
import { useDelayed } from "../../lib/useDelayed";
import styles from "./ActivityTab.module.css";
import { chainInWords, endInWords, isWrong } from "./entries";

interface ChainResultProps {
  verified: JournalVerified | undefined;
  progress: JournalVerifying | null;
  error: UiError | null;
  /** Leads to a row. */
  onShow: (number: number) => void;
}

export function ChainResult({ verified, progress, error, onShow }: ChainResultProps) {
  const isLate = useDelayed(verified === undefined && error === null);
  if (verified === undefined) {
    if (error !== null) {
      return (
        <Banner tone="warning" isAlert>
          The journal couldn’t be verified. {error.message} {error.hint}
        </Banner>
      );
    }
    return (
      <p className={styles.whole}>
        <ShieldEllipsis size="1rem" aria-hidden="true" />
        {/* Its place is kept, so that nothing moves when the result is there. */}
        {isLate ? verifyingInWords(progress) : "\u00a0"}
      </p>
    );
  }
  const { rows, chain, end } = verified;
  const isProved = end.kind === "as_noted" && end.rowsThen === 0;
  if (!isWrong(verified)) {
    const Shield = isProved ? ShieldCheck : ShieldAlert;
    return (
      <p className={styles.whole}>
        <Shield size="1rem" aria-hidden="true" className={isProved ? styles.mark : undefined} />
        <span className={styles.result}>
          <span>{chainInWords(rows, chain)}</span> <span>{endInWords(end)}</span>
        </span>
      </p>
    );
  }
  return (
    <Banner
      tone="danger"
      isAlert
      actions={
        chain.kind === "broken" && (
          <Button onPress={() => onShow(chain.at)}>Show row {formatNumber(chain.at)}</Button>
        )
      }
    >
      {chain.kind === "broken" && <p>{chainInWords(rows, chain)}</p>}
      {end.kind === "lost" && <p>{endInWords(end)}</p>}
    </Banner>
  );
}

function verifyingInWords(progress: JournalVerifying | null): string {
  if (progress === null) return "Verifying the journal…";
  return `Verifying the journal: ${formatNumber(progress.done)} of ${countOf(progress.of, "row")}…`;
}
