/** What guards a token on the clipboard and a key from deletion. Core acts by its own copy of both. */
import { useId } from "react";
import type { Strictness } from "../../bindings";
import { Choice } from "../../components/Choice";
import { useChangePreferences, usePreferences } from "../../state/usePreferences";
import styles from "./Preferences.module.css";
import { Section, Setting } from "./Section";
import { Segments } from "./Segments";
import { Stepper } from "./Stepper";

/** In seconds, as core takes them. */
const shortest = 10;
const longest = 300;

const answers = [
  ["off", "Off"],
  ["on", "On"],
] as const;

const levels: readonly (readonly [Strictness, string, string])[] = [
  [
    "standard",
    "Standard",
    "As the evidence asks: keys used lately, or found on this machine, have you type their name.",
  ],
  ["careful", "Careful", "Every key that was ever used, or may have been, has you type its name."],
  ["strict", "Strict", "Every key has you type its name."],
];

export function Safety() {
  const { clipboardSeconds, strictness, tellOfSwaps } = usePreferences();
  const change = useChangePreferences();
  const id = useId();
  return (
    <Section id="safety">
      <Setting
        title="Clear the clipboard after"
        help={`A copied token is taken off the clipboard again, if it is still there. ${shortest} to ${longest} seconds.`}
      >
        {(ids) => (
          <Stepper
            {...ids}
            value={clipboardSeconds}
            from={shortest}
            to={longest}
            unit="second"
            onChange={(chosen) => change(() => ({ clipboardSeconds: chosen }))}
          />
        )}
      </Setting>
      <Setting
        title="Notify me about keys being swapped or retired"
        help="When a key that is swapped or retired has been quiet for long enough, or is used again, the desktop shows a notification with its name."
      >
        {(ids) => (
          <Segments
            {...ids}
            options={answers}
            value={tellOfSwaps ? "on" : "off"}
            onChange={(chosen) => change(() => ({ tellOfSwaps: chosen === "on" }))}
          />
        )}
      </Setting>
      <div className={styles.levels} role="radiogroup" aria-labelledby={id} aria-describedby={`${id}-help`}>
        <div className={styles.levelsHead}>
          <p id={id}>Before a key is deleted</p>
          <p id={`${id}-help`} className={styles.help}>
            These only ever ask for more than the evidence does, never for less.
          </p>
        </div>
        {levels.map(([level, title, meaning]) => (
          <Choice
            key={level}
            type="radio"
            group={id}
            label={title}
            meaning={meaning}
            isChosen={level === strictness}
            onChange={() => change(() => ({ strictness: level }))}
          />
        ))}
      </div>
    </Section>
  );
}
