/** A number to type, or to count up and down by arrow keys and by its two buttons. */
import { Minus, Plus } from "lucide-react";
import { Button as AriaButton, Group, I18nProvider, Input, NumberField } from "react-aria-components";
import styles from "./Stepper.module.css";

interface StepperProps {
  labelledBy: string;
  describedBy: string | undefined;
  value: number;
  from: number;
  to: number;
  step?: number;
  unit: "second" | "percent";
  onChange: (value: number) => void;
}

export function Stepper({ labelledBy, describedBy, value, from, to, step, unit, onChange }: StepperProps) {
  return (
    // The page speaks English, whatever the desktop does.
    <I18nProvider locale="en-GB">
      <NumberField
        aria-labelledby={labelledBy}
        {...(describedBy === undefined ? {} : { "aria-describedby": describedBy })}
        value={value}
        minValue={from}
        maxValue={to}
        {...(step === undefined ? {} : { step })}
        formatOptions={{ style: "unit", unit, unitDisplay: unit === "percent" ? "short" : "long" }}
        isWheelDisabled
        onChange={(next) => {
          // What is not a number leaves things as they were.
          if (!Number.isNaN(next) && next !== value) onChange(next);
        }}
      >
        <Group className={styles.stepper ?? ""}>
          <AriaButton slot="decrement" className={styles.button ?? ""}>
            <Minus size="0.875rem" aria-hidden="true" />
          </AriaButton>
          <Input className={styles.input ?? ""} data-unit={unit} />
          <AriaButton slot="increment" className={styles.button ?? ""}>
            <Plus size="0.875rem" aria-hidden="true" />
          </AriaButton>
        </Group>
      </NumberField>
    </I18nProvider>
  );
}
