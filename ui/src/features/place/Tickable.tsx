/** A row that can be ticked: its name, and below it what is known of it. */
import { useId, type ReactNode } from "react";
import choice from "../../components/Choice.module.css";
import styles from "./Places.module.css";

interface TickableProps {
  name: ReactNode;
  facts: ReactNode;
  isTicked: boolean;
  isFixed: boolean;
  onTick: (isTicked: boolean) => void;
}

export function Tickable({ name, facts, isTicked, isFixed, onTick }: TickableProps) {
  const id = useId();
  return (
    <li>
      <label className={styles.file}>
        <input
          type="checkbox"
          className={choice.input}
          checked={isTicked}
          disabled={isFixed}
          aria-labelledby={`${id}-name`}
          aria-describedby={`${id}-facts`}
          onChange={(event) => onTick(event.target.checked)}
        />
        <span className={styles.text}>
          <span id={`${id}-name`} className={styles.path}>
            {name}
          </span>
          <span id={`${id}-facts`} className={styles.facts}>
            {facts}
          </span>
        </span>
      </label>
    </li>
  );
}
