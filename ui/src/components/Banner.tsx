/** Something to know that stays until it no longer holds or is put away. Never takes the focus. */
import { CircleAlert, Info, TriangleAlert, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./Button";
import styles from "./Banner.module.css";

interface BannerProps {
  tone: "calm" | "warning" | "danger";
  children: ReactNode;
  actions?: ReactNode;
  onDismiss?: () => void;
  /** Said at once by screen readers; without it the banner is read where it stands. */
  isAlert?: boolean;
}

const icons = { calm: Info, warning: TriangleAlert, danger: CircleAlert };

export function Banner({ tone, children, actions, onDismiss, isAlert = false }: BannerProps) {
  const Icon = icons[tone];
  return (
    <div className={`${styles.banner ?? ""} ${styles[tone] ?? ""}`} role={isAlert ? "alert" : undefined}>
      <Icon size="1rem" aria-hidden="true" className={styles.icon} />
      <div className={styles.text}>{children}</div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      {onDismiss !== undefined && (
        <Button look="quiet" isIcon aria-label="Dismiss" onPress={onDismiss}>
          <X size="0.9375rem" aria-hidden="true" />
        </Button>
      )}
    </div>
  );
}
