/** What the evidence says and what deleting does, in a tone that follows core's friction. */
import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { DeleteCard, Friction, UiError } from "../../bindings";
import { useDelayed } from "../../lib/useDelayed";
import styles from "./Evidence.module.css";

type Tone = "calm" | "warning" | "danger";

const tones: Record<Friction, Tone> = {
  dialog: "calm",
  spelled_out: "calm",
  type_phrase: "warning",
  type_phrase_strongly: "danger",
  own_key: "danger",
};

const icons = { calm: Info, warning: TriangleAlert, danger: CircleAlert };

interface EvidenceProps {
  card: DeleteCard | null;
  error: UiError | null;
  isAsking: boolean;
}

export function Evidence({ card, error, isAsking }: EvidenceProps) {
  const isLate = useDelayed(isAsking);
  const tone: Tone = card === null ? (error === null ? "calm" : "danger") : tones[card.friction];
  const Icon = icons[tone];
  return (
    <div className={styles.panel} data-tone={tone} role={error === null ? "status" : "alert"}>
      {card === null && error === null ? (
        <div className={styles.skeleton} data-shown={isLate}>
          <span className={styles.hidden}>Asking the service about this key…</span>
          <i />
          <i />
        </div>
      ) : (
        <>
          <Icon size="1rem" aria-hidden="true" className={styles.icon} />
          <div className={styles.text}>
            <p className={styles.evidence}>{card?.evidence ?? error?.message}</p>
            <p>{card === null ? error?.hint : emphasize(card.consequence)}</p>
          </div>
        </>
      )}
    </div>
  );
}

/** The answer that whatever uses the key will get stands out of its sentence. */
function emphasize(sentence: string) {
  const answer = "401 Unauthorized";
  const [before, ...after] = sentence.split(answer);
  if (after.length === 0) return sentence;
  return (
    <>
      {before}
      <strong>{answer}</strong>
      {after.join(answer)}
    </>
  );
}
