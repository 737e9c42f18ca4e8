/**
 * A labelled input whose value stays in the DOM: the form reads it on submit. So a credential is never in
 * React's state, where it would outlive its use.
 */
import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from "react";
import type { UiError } from "../bindings";
import styles from "./Field.module.css";

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "className"> {
  label: ReactNode;
  help?: ReactNode;
  error?: UiError | null;
  isMono?: boolean;
  ref?: Ref<HTMLInputElement>;
}

export function Field({ label, help, error = null, isMono = false, ...input }: FieldProps) {
  const id = useId();
  const described = [error === null ? null : `${id}-error`, help === undefined ? null : `${id}-help`];
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <input
        {...input}
        id={id}
        className={isMono ? `${styles.input} ${styles.mono}` : styles.input}
        aria-invalid={error !== null}
        aria-describedby={described.filter((each) => each !== null).join(" ") || undefined}
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
      />
      {/* In the page from the start, so that what appears in it is announced. */}
      <div id={`${id}-error`} role="alert" className={styles.error}>
        {error !== null && (
          <>
            {error.message} {error.hint}
          </>
        )}
      </div>
      {help !== undefined && (
        <p id={`${id}-help`} className={styles.help}>
          {help}
        </p>
      )}
    </div>
  );
}
