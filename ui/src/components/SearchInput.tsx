/** What is searched for: a lens before it, a button that clears it. What Esc does is up to where the field stands. */
import { Search, X } from "lucide-react";
import type { InputHTMLAttributes, ReactNode, Ref } from "react";
import { Button } from "./Button";
import styles from "./SearchInput.module.css";

interface SearchInputProps extends Pick<
  InputHTMLAttributes<HTMLInputElement>,
  "aria-label" | "aria-keyshortcuts" | "placeholder" | "onKeyDown"
> {
  value: string;
  onChange: (value: string) => void;
  /** Of the whole: its place and how its input looks. */
  className: string | undefined;
  role?: "search";
  /** In place of the button while there is nothing to clear. */
  children?: ReactNode;
  ref: Ref<HTMLInputElement>;
}

export function SearchInput({ value, onChange, className, role, children, ...input }: SearchInputProps) {
  return (
    <div className={`${styles.search ?? ""} ${className ?? ""}`} role={role}>
      <Search size="0.9375rem" aria-hidden="true" className={styles.icon} />
      <input
        {...input}
        type="text"
        className={styles.input}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        autoComplete="off"
        spellCheck={false}
      />
      {value === "" ? (
        children
      ) : (
        <Button look="quiet" isIcon aria-label="Clear search" onPress={() => onChange("")}>
          <X size="0.875rem" aria-hidden="true" />
        </Button>
      )}
    </div>
  );
}
