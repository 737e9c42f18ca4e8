/** A box or a dot to choose by, with what it stands for and one line of what that means. */
import { useId, type ReactNode } from "react";
import styles from "./Choice.module.css";

interface ChoiceProps {
  type: "checkbox" | "radio";
  /** Which radios belong together. */
  group?: string;
  label: ReactNode;
  meaning?: string;
  isMono?: boolean;
  isChosen: boolean;
  isDisabled?: boolean;
  onChange: (isChosen: boolean) => void;
}

export function Choice(props: ChoiceProps) {
  const { type, group, label, meaning = "", isMono = false, isChosen, isDisabled = false, onChange } = props;
  const id = useId();
  return (
    <label className={styles.choice} data-disabled={isDisabled || undefined}>
      <input
        type={type}
        name={group}
        className={styles.input}
        checked={isChosen}
        disabled={isDisabled}
        aria-labelledby={`${id}-label`}
        aria-describedby={meaning === "" ? undefined : `${id}-meaning`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className={styles.text}>
        <span id={`${id}-label`} className={isMono ? styles.mono : styles.label}>
          {label}
        </span>
        {meaning !== "" && (
          <span id={`${id}-meaning`} className={styles.meaning}>
            {meaning}
          </span>
        )}
      </span>
    </label>
  );
}
