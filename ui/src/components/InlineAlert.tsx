/**
 * Where banners appear inside a sheet: in the page from the start, so that what comes into it is said, and brought
 * into sight when something does.
 */
import { useEffect, useRef, type ReactNode } from "react";
import styles from "./InlineAlert.module.css";

export function InlineAlert({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  const amount = useRef(0);
  // After each drawing: what is inside is counted, not known.
  useEffect(() => {
    const now = place.current?.childElementCount ?? 0;
    if (now > amount.current) place.current?.scrollIntoView({ block: "nearest" });
    amount.current = now;
  });
  return (
    <div ref={place} role="alert" className={styles.alert}>
      {children}
    </div>
  );
}
