/** Searching what is on screen; no question to the service. Esc clears it, then goes to the list. */
import { Search, X } from "lucide-react";
import type { KeyboardEvent, Ref } from "react";
import { windowActions } from "../../actions/actions";
import { ariaKeys, sayKeys } from "../../actions/keys";
import { Button } from "../../components/Button";
import styles from "./SearchField.module.css";

interface SearchFieldProps {
  label?: string;
  placeholder?: string;
  value: string;
  onChange: (value: string) => void;
  onLeave: () => void;
  ref: Ref<HTMLInputElement>;
}

export function SearchField(props: SearchFieldProps) {
  const { label = "Search keys", placeholder = "Search name, last 8, ability", ...rest } = props;
  const { value, onChange, onLeave, ref } = rest;
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape" && value !== "") onChange("");
    else if (event.key === "Escape" || event.key === "ArrowDown" || event.key === "Enter") onLeave();
    else return;
    event.preventDefault();
  };
  return (
    <div className={styles.search} role="search">
      <Search size="0.9375rem" aria-hidden="true" className={styles.icon} />
      <input
        ref={ref}
        type="text"
        className={styles.input}
        aria-label={label}
        aria-keyshortcuts={ariaKeys(windowActions.search.keys)}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKey}
        autoComplete="off"
        spellCheck={false}
      />
      {value === "" ? (
        <kbd className={styles.keys} aria-hidden="true">
          {sayKeys(windowActions.search.keys[1])}
        </kbd>
      ) : (
        <Button look="quiet" isIcon aria-label="Clear search" onPress={() => onChange("")}>
          <X size="0.875rem" aria-hidden="true" />
        </Button>
      )}
    </div>
  );
}
