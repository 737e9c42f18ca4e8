/** One of a few, side by side: a radio group in which the chosen one stands out. */
import { RadioButton, RadioField, RadioGroup } from "react-aria-components";
import styles from "./Segments.module.css";

interface SegmentsProps<Value extends string> {
  labelledBy: string;
  describedBy: string | undefined;
  /** Value and words, in their order. */
  options: readonly (readonly [Value, string])[];
  value: Value;
  onChange: (value: Value) => void;
}

export function Segments<Value extends string>(props: SegmentsProps<Value>) {
  const { labelledBy, describedBy, options, value, onChange } = props;
  return (
    <RadioGroup
      className={styles.segments ?? ""}
      orientation="horizontal"
      aria-labelledby={labelledBy}
      {...(describedBy === undefined ? {} : { "aria-describedby": describedBy })}
      value={value}
      onChange={(chosen) => {
        const found = options.find(([each]) => each === chosen);
        if (found !== undefined) onChange(found[0]);
      }}
    >
      {options.map(([each, words]) => (
        <RadioField key={each} value={each} className={styles.field ?? ""}>
          <RadioButton className={styles.segment ?? ""}>{words}</RadioButton>
        </RadioField>
      ))}
    </RadioGroup>
  );
}
