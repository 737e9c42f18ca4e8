/** For how long a key has to be quiet: one of a few, of which one is advised. */
import { useId } from "react";
import { countOf } from "../../lib/text";
import styles from "./Swap.module.css";

interface QuietPeriodProps {
  choices: readonly number[];
  advised: number;
  /** Why that one. */
  advice: string;
  chosen: number;
  isDisabled?: boolean;
  onChoose: (days: number) => void;
}

export function QuietPeriod(props: QuietPeriodProps) {
  const { choices, advised, advice, chosen, isDisabled = false, onChoose } = props;
  const id = useId();
  return (
    <fieldset className={styles.period} aria-describedby={`${id}-advice`}>
      <legend className={styles.legend}>Quiet for</legend>
      <div className={styles.choices}>
        {choices.map((days) => (
          <label key={days} className={styles.choice} data-chosen={days === chosen || undefined}>
            <input
              type="radio"
              name={id}
              checked={days === chosen}
              disabled={isDisabled}
              onChange={() => onChoose(days)}
            />
            {countOf(days, "day")}
          </label>
        ))}
      </div>
      <p id={`${id}-advice`} className={styles.help}>
        {advice}
        {chosen < advised && " A shorter time asks for more before the deletion, as if nobody had watched."}
      </p>
    </fieldset>
  );
}
