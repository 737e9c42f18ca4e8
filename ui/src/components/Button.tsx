/** The app's buttons. While pending one keeps its size. */
import type { ReactNode } from "react";
import styles from "./Button.module.css";
import { PlainButton, type PlainButtonProps } from "./PlainButton";

interface ButtonProps extends Omit<PlainButtonProps, "className" | "style"> {
  look?: "plain" | "primary" | "danger" | "quiet";
  /** Small square with only an icon; needs an aria-label. */
  isIcon?: boolean;
  children: ReactNode;
}

export function Button({ look = "plain", isIcon = false, children, ...rest }: ButtonProps) {
  return (
    <PlainButton {...rest} data-look={look} className={[styles.button, isIcon ? styles.icon : ""].join(" ")}>
      <span className={styles.content}>{children}</span>
      {rest.isPending === true && <span className={styles.spinner} aria-hidden="true" />}
    </PlainButton>
  );
}
