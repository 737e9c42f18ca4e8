/** A chord as the keys that are pressed together. */
import { Fragment } from "react";
import styles from "./Keys.module.css";

export function Keys({ parts }: { parts: readonly string[] }) {
  return (
    <kbd className={styles.keys}>
      {parts.map((part, at) => (
        // Spaces between them are for those who hear or copy it.
        <Fragment key={part}>
          {at > 0 && " "}
          <kbd className={styles.key}>{part}</kbd>
        </Fragment>
      ))}
    </kbd>
  );
}
