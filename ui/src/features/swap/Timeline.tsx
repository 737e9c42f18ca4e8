/** The way of a swap: what is behind, where it is, what is ahead. */
import { Check, Circle, CircleAlert, CircleDot } from "lucide-react";
import type { SwapStep } from "../../bindings";
import styles from "./Timeline.module.css";

const icons = { done: Check, now: CircleDot, trouble: CircleAlert, ahead: Circle };

const said = { done: "Done: ", now: "", trouble: "Needs a look: ", ahead: "" };

export function Timeline({ steps }: { steps: readonly SwapStep[] }) {
  return (
    <ol className={styles.steps} aria-label="How far it is">
      {steps.map(({ title, detail, state }) => {
        const Icon = icons[state];
        const isHere = state === "now" || state === "trouble";
        return (
          <li key={title} data-state={state} aria-current={isHere ? "step" : undefined}>
            <span className={styles.icon}>
              <Icon size="0.875rem" aria-hidden="true" />
            </span>
            <span className={styles.text}>
              <span className={styles.title}>
                <span className={styles.said}>{said[state]}</span>
                {title}
              </span>
              {detail !== "" && <bdi className={styles.detail}>{detail}</bdi>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
