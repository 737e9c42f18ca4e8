/** A part of the preferences: its title, a line about it, what can be chosen, and a question where one comes up. */
import { useId, type ReactNode } from "react";
import styles from "./Preferences.module.css";

/** In their order on the page. */
export const sections = {
  appearance: "Appearance",
  safety: "Safety",
  search: "Search folders",
  watch: "Keep watch",
  shortcuts: "Keyboard shortcuts",
  updates: "New versions",
  places: "Where data lives",
  reset: "Reset",
  about: "About",
} as const;
export type SectionId = keyof typeof sections;

const headingOf = (id: SectionId) => `preferences-${id}`;

/** Brings it into sight and puts the focus on its title. */
export function focusSection(id: SectionId): void {
  const heading = document.getElementById(headingOf(id));
  heading?.closest("section")?.scrollIntoView({ block: "start" });
  heading?.focus({ preventScroll: true });
}

interface SectionProps {
  id: SectionId;
  help?: ReactNode;
  /** A button beside the title. */
  action?: ReactNode;
  /** What that button asks before it does it. */
  question?: ReactNode;
  /** Esc in the question. */
  onEscape?: (() => void) | undefined;
  children?: ReactNode;
}

export function Section({ id, help, action, question, onEscape, children }: SectionProps) {
  return (
    <section className={styles.section} aria-labelledby={headingOf(id)}>
      <header className={styles.head}>
        <div className={styles.headText}>
          <h2 id={headingOf(id)} tabIndex={-1} className={styles.heading}>
            {sections[id]}
          </h2>
          {help !== undefined && <p className={styles.help}>{help}</p>}
        </div>
        {action}
      </header>
      {question !== undefined && question !== false && (
        <div
          className={styles.question}
          onKeyDown={(event) => {
            if (event.key === "Escape") onEscape?.();
          }}
        >
          {question}
        </div>
      )}
      {children !== undefined && <div className={styles.box}>{children}</div>}
    </section>
  );
}

interface SettingProps {
  title: string;
  help?: ReactNode;
  /** The control, with the words that name it, and the ids of what names and describes it. */
  children: (ids: { label: string; labelledBy: string; describedBy: string | undefined }) => ReactNode;
}

/** One thing to choose: what it is on the left, the control on the right. */
export function Setting({ title, help, children }: SettingProps) {
  const id = useId();
  return (
    <div className={styles.setting}>
      <div className={styles.words}>
        <p id={id}>{title}</p>
        {help !== undefined && (
          <p id={`${id}-help`} className={styles.help}>
            {help}
          </p>
        )}
      </div>
      {children({ label: title, labelledBy: id, describedBy: help === undefined ? undefined : `${id}-help` })}
    </div>
  );
}
