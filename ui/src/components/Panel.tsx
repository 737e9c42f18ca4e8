/** What is known or what follows, set off from the rest in the tone of what it says. */
import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import styles from "./Panel.module.css";

export type Tone = "calm" | "warning" | "danger";

const icons = { calm: Info, warning: TriangleAlert, danger: CircleAlert };

interface PanelProps {
  tone: Tone;
  /** In the page from the start where what comes into it is to be said. */
  role?: "status" | "alert";
  /** What it says in place of its text while that is on its way. */
  isWaiting?: boolean;
  children: ReactNode;
}

export function Panel({ tone, role, isWaiting = false, children }: PanelProps) {
  const Icon = icons[tone];
  return (
    <div className={styles.panel} data-tone={tone} role={role}>
      {isWaiting ? (
        children
      ) : (
        <>
          <Icon size="1rem" aria-hidden="true" className={styles.icon} />
          <div className={styles.text}>{children}</div>
        </>
      )}
    </div>
  );
}

/** Lines in place of words that are on their way; seen only when they take long. */
export function PanelSkeleton({ said, isShown }: { said: string; isShown: boolean }) {
  return (
    <div className={styles.skeleton} data-shown={isShown}>
      <span className={styles.hidden}>{said}</span>
      <i />
      <i />
    </div>
  );
}

/** A sentence in which the answer that whatever uses a dead token will get stands out. */
export function Sentence({ children }: { children: string }) {
  const answer = "401 Unauthorized";
  const [before, ...after] = children.split(answer);
  if (after.length === 0) return children;
  return (
    <>
      {before}
      <strong>{answer}</strong>
      {after.join(answer)}
    </>
  );
}
