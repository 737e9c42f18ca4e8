/** Searching what is on screen; no question to the service. Esc clears it, then goes to the list. */
import type { KeyboardEvent, Ref } from "react";
import { SearchInput } from "../components/SearchInput";
import { ariaKeys, sayKeys } from "./keys";
import styles from "./SearchField.module.css";
import { useShortcut } from "./useActions";

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
  const { keys } = useShortcut("list.search");
  // The plain one, where there is one: the shortest to read.
  const shown = keys.find((each) => each.length === 1) ?? keys[0];
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape" && value !== "") onChange("");
    else if (event.key === "Escape" || event.key === "ArrowDown" || event.key === "Enter") onLeave();
    else return;
    event.preventDefault();
  };
  return (
    <SearchInput
      ref={ref}
      role="search"
      className={styles.search}
      aria-label={label}
      aria-keyshortcuts={ariaKeys(keys)}
      placeholder={placeholder}
      value={value}
      onChange={onChange}
      onKeyDown={onKey}
    >
      {shown !== undefined && (
        <kbd className={styles.keys} aria-hidden="true">
          {sayKeys(shown)}
        </kbd>
      )}
    </SearchInput>
  );
}
