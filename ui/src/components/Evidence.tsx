/** What is known of a key's use, and what follows; until it is known, that it is being asked. */
import type { UiError } from "../bindings";
import { useDelayed } from "../lib/useDelayed";
import styles from "./Evidence.module.css";
import { Panel, PanelSkeleton, Sentence, type Tone } from "./Panel";

interface EvidenceProps {
  /** Of what is known. */
  tone: Tone;
  /** None until the service has answered. */
  evidence: string | null;
  consequence?: string | undefined;
  error: UiError | null;
  isAsking: boolean;
}

export function Evidence({ tone, evidence, consequence = "", error, isAsking }: EvidenceProps) {
  const isLate = useDelayed(isAsking);
  const isWaiting = evidence === null && error === null;
  const rest = evidence === null ? (error?.hint ?? "") : consequence;
  return (
    <Panel
      tone={evidence === null && error !== null ? "danger" : tone}
      role={error === null ? "status" : "alert"}
      isWaiting={isWaiting}
    >
      {isWaiting ? (
        <PanelSkeleton said="Asking the service about this key…" isShown={isLate} />
      ) : (
        <>
          <p className={styles.evidence}>{evidence ?? error?.message}</p>
          {rest !== "" && (
            <p>
              <Sentence>{rest}</Sentence>
            </p>
          )}
        </>
      )}
    </Panel>
  );
}
