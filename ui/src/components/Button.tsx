/** The app's buttons. While pending one keeps its size and its focus, and can't be pressed again. */
import type { ReactNode, Ref } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import styles from "./Button.module.css";

interface ButtonProps extends Omit<AriaButtonProps, "className" | "children" | "style"> {
  look?: "plain" | "primary" | "danger" | "quiet";
  /** Small square with only an icon; needs an aria-label. */
  isIcon?: boolean;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ look = "plain", isIcon = false, children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} data-look={look} className={[styles.button, isIcon ? styles.icon : ""].join(" ")}>
      <span className={styles.content}>{children}</span>
      {rest.isPending === true && <span className={styles.spinner} aria-hidden="true" />}
    </AriaButton>
  );
}
