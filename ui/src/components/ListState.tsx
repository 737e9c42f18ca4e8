/** What stands where a table would be: that it is loading, or in words why there is none. */
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useDelayed } from "../lib/useDelayed";
import styles from "./ListState.module.css";

export function ListSkeleton({ said = "Loading keys…" }: { said?: string }) {
  const isLate = useDelayed(true);
  return (
    <div className={styles.skeleton} data-shown={isLate}>
      <span role="status" className={styles.hidden}>
        {isLate ? said : ""}
      </span>
      {Array.from({ length: 8 }, (_, place) => (
        <div key={place} className={styles.line} aria-hidden="true">
          <i />
          <i />
          <i />
          <i />
        </div>
      ))}
    </div>
  );
}

interface ListStateProps {
  icon: LucideIcon;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  isAlert?: boolean;
}

export function ListState({ icon: Icon, title, children, actions, isAlert = false }: ListStateProps) {
  return (
    <section className={styles.state} role={isAlert ? "alert" : undefined}>
      <Icon size="1.375rem" strokeWidth={1.75} aria-hidden="true" className={styles.icon} />
      <h2 className={styles.title}>{title}</h2>
      <div className={styles.text}>{children}</div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </section>
  );
}
