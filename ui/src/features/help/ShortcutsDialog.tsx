/** The list of all keys, by group, with what can't be done now and why. Read only: Preferences is where keys change. */
import { X } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { Heading } from "react-aria-components";
import { matches, sayKeys } from "../../actions/keys";
import { useRegistry } from "../../actions/useActions";
import type { ActionState } from "../../actions/registry";
import { actionOf, groups } from "../../actions/table";
import { Button } from "../../components/Button";
import { CentredDialog } from "../../components/CentredDialog";
import { Keys } from "../../components/Keys";
import { SearchInput } from "../../components/SearchInput";
import { countOf } from "../../lib/text";
import { fixedKeys } from "./fixedKeys";
import styles from "./ShortcutsDialog.module.css";

interface Row {
  title: string;
  keys: readonly (readonly string[])[];
  /** None for keys that are as they are. */
  state: ActionState | null;
}

interface Block {
  title: string;
  rows: readonly Row[];
}

/** Of the groups in the table and the fixed ones, what has every word: of the group's name, the title or the keys. */
function blocksFor(states: readonly ActionState[], search: string): Block[] {
  const words = search
    .toLowerCase()
    .split(/[\s+]+/)
    .filter(Boolean);
  const all: Block[] = [
    ...groups.map((title) => ({
      title,
      rows: states
        .filter(({ id }) => actionOf(id).group === title)
        .map((state) => ({
          title: state.title,
          keys: state.keys.map((keys) => sayKeys(keys).split(" ")),
          state,
        })),
    })),
    ...fixedKeys.map(({ title, keys }) => ({ title, rows: keys.map((each) => ({ ...each, state: null })) })),
  ];
  return all
    .map(({ title, rows }) => ({
      title,
      rows: rows.filter((row) => {
        const haystack = [title, row.title, ...row.keys.flat()].join(" ").toLowerCase();
        return words.every((word) => haystack.includes(word));
      }),
    }))
    .filter(({ rows }) => rows.length > 0);
}

interface ShortcutsDialogProps {
  /** What could be done before the list covered it. */
  states: readonly ActionState[];
  onPreferences: () => void;
  onClose: () => void;
}

export function ShortcutsDialog({ states, onPreferences, onClose }: ShortcutsDialogProps) {
  const registry = useRegistry();
  const field = useRef<HTMLInputElement>(null);
  const [search, setSearch] = useState("");
  const blocks = blocksFor(states, search);
  const total = blocks.reduce((sum, { rows }) => sum + rows.length, 0);
  const isLocked = states.find(({ id }) => id === "app.preferences")?.obstacle !== null;
  useEffect(() => field.current?.focus(), []);

  const onKeyDown = (event: KeyboardEvent) => {
    const isField = event.target === field.current;
    const read = registry.read(event.nativeEvent);
    const isSame = registry
      .keysOf("help.shortcuts")
      .some((keys) => matches(keys, read) && !(isField && keys.length === 1));
    if (isSame) onClose();
    else if (event.key === "Escape" && isField && search !== "") {
      setSearch("");
      event.stopPropagation();
    } else return;
    event.preventDefault();
  };

  return (
    <CentredDialog size="wide" onDismiss={onClose} onKeyDown={onKeyDown}>
      <header className={styles.header}>
        <Heading slot="title" className={styles.title ?? ""}>
          Keyboard shortcuts
        </Heading>
        <SearchInput
          ref={field}
          className={styles.search}
          aria-label="Search shortcuts"
          placeholder="Search"
          value={search}
          onChange={setSearch}
        />
        <Button look="quiet" isIcon aria-label="Close" onPress={onClose}>
          <X size="1rem" aria-hidden="true" />
        </Button>
      </header>
      {/* Scrolls by keys too. */}
      <div className={styles.body} role="region" aria-label="All shortcuts" tabIndex={0}>
        {blocks.length === 0 && <p className={styles.nothing}>No shortcut for “{search.trim()}”.</p>}
        <div className={styles.columns}>
          {blocks.map((block) => (
            <ShortcutBlock key={block.title} block={block} />
          ))}
        </div>
      </div>
      <footer className={styles.footer}>
        <p>You can change most of these shortcuts.</p>
        <Button isDisabled={isLocked} onPress={onPreferences}>
          Change in Preferences
        </Button>
      </footer>
      <p role="status" className={styles.said}>
        {search === "" ? "" : countOf(total, "shortcut")}
      </p>
    </CentredDialog>
  );
}

function ShortcutBlock({ block: { title, rows } }: { block: Block }) {
  const heading = useId();
  const obstacles = new Set(rows.flatMap(({ state }) => state?.obstacle ?? []));
  // One reason for many that are dimmed is told once.
  const common = obstacles.size === 1 ? [...obstacles][0] : undefined;
  const isTold = common !== undefined && rows.filter(({ state }) => state?.obstacle === common).length > 2;
  return (
    <section aria-labelledby={heading} className={styles.block}>
      <h3 id={heading} className={styles.heading}>
        {title}
      </h3>
      {isTold && (
        <p className={styles.common} aria-hidden="true">
          Dimmed now: {common.charAt(0).toLowerCase() + common.slice(1)}
        </p>
      )}
      <ul className={styles.rows}>
        {rows.map((row) => (
          <ShortcutRow key={row.state?.id ?? row.title} row={row} isTold={isTold} />
        ))}
      </ul>
    </section>
  );
}

/** `isTold`: its reason stands at the top of the group, and is only heard here. */
function ShortcutRow({ row: { title, keys, state }, isTold }: { row: Row; isTold: boolean }) {
  const obstacle = state?.obstacle ?? null;
  return (
    <li
      className={styles.row}
      data-action={state?.id}
      data-keys={state === null ? undefined : JSON.stringify(state.keys)}
      data-obstructed={obstacle !== null || undefined}
    >
      <span className={styles.text}>
        {title}
        {obstacle !== null && (
          <span className={isTold ? styles.said : styles.obstacle}>{` ${obstacle}`}</span>
        )}
      </span>
      <span className={styles.keys}>
        {keys.length === 0 && <span className={styles.none}>no key</span>}
        {keys.map((parts) => (
          <Keys key={parts.join(" ")} parts={parts} />
        ))}
      </span>
    </li>
  );
}
