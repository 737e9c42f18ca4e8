/** The open palette: one field, and under it what it finds. The focus stays in the field; the arrows move in the list. */
import { Search } from "lucide-react";
import {
  useCallback,
  useDeferredValue,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
} from "react";
import { matches, sayKeys } from "../../actions/keys";
import { useRegistry } from "../../actions/useActions";
import type { AccountView } from "../../bindings";
import { CentredDialog } from "../../components/CentredDialog";
import { Keys } from "../../components/Keys";
import { countOf, formatNumber } from "../../lib/text";
import type { ActionThen, Entry } from "./entries";
import { finder, forget, type Found, type Query, type Section } from "./find";
import styles from "./Palette.module.css";
import { PaletteInput } from "./PaletteInput";
import { PaletteRow } from "./PaletteRow";
import { KeysOnTheirWay, useKnownRows } from "./useKnownRows";

interface PaletteDialogProps {
  /** What could be done before the palette covered it. */
  states: readonly ActionThen[];
  account: AccountView;
  accounts: readonly AccountView[];
  team: string | null;
  /** Ids of what was chosen before, the last one first. */
  recent: readonly string[];
  onChoose: (entry: Entry, id: string) => void;
  onClose: () => void;
}

/** What Enter does. */
const hints: Record<Entry["kind"], string> = {
  action: "do it",
  key: "open",
  account: "switch",
  team: "show",
};

/** How far Page Up and Page Down go. */
const PAGE = 8;

export function PaletteDialog(props: PaletteDialogProps) {
  const { states, account, accounts, team, recent, onChoose, onClose } = props;
  const registry = useRegistry();
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState<Query>({ text: "", isTail: false });
  const [activeId, setActiveId] = useState<string | null>(null);
  useEffect(() => forget, []);

  // Keys that are still arriving page by page must not keep a user from typing.
  const rows = useDeferredValue(useKnownRows(account.id));
  const find = useMemo(() => finder({ states, account, accounts, rows }), [states, account, accounts, rows]);
  const sections = useMemo(() => find(query, recent), [find, query, recent]);
  const all = useMemo(() => sections.flatMap(({ found }) => found), [sections]);
  const total = sections.reduce((sum, section) => sum + section.total, 0);
  const first = all.find(({ obstacle }) => obstacle === null) ?? all[0];
  const active = all.find(({ id }) => id === activeId) ?? first;
  /** An id in the page has no spaces. */
  const elementOf = (id: string) => `${base}${id.replaceAll(" ", "-")}`;

  const look = (next: Query) => {
    setQuery(next);
    setActiveId(null);
    if (list.current !== null) list.current.scrollTop = 0;
  };
  const choose = useCallback(
    ({ entry, id, obstacle }: Found) => {
      if (obstacle === null) onChoose(entry, id);
    },
    [onChoose],
  );
  const point = useCallback((found: Found) => setActiveId(found.id), []);
  const go = (to: number) => {
    const next = all[to];
    if (next === undefined) return;
    setActiveId(next.id);
    if (to === 0 && list.current !== null) list.current.scrollTop = 0;
    else document.getElementById(elementOf(next.id))?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    // The key that opened it closes it.
    const read = registry.read(event.nativeEvent);
    if (registry.keysOf("app.palette").some((keys) => matches(keys, read))) {
      event.preventDefault();
      onClose();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const place = active === undefined ? -1 : all.indexOf(active);
    switch (event.key) {
      case "ArrowDown":
        go(place + 1 === all.length ? 0 : place + 1);
        break;
      case "ArrowUp":
        go(place <= 0 ? all.length - 1 : place - 1);
        break;
      case "PageDown":
        go(Math.min(place + PAGE, all.length - 1));
        break;
      case "PageUp":
        go(Math.max(place - PAGE, 0));
        break;
      case "Enter":
        if (event.target instanceof HTMLButtonElement) return;
        if (active !== undefined) choose(active);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  const nothing = query.isTail
    ? `No key of this account ends in …${query.text}.`
    : `Nothing found for “${query.text.trim()}”.`;
  const isNothing = total === 0;
  const count = isNothing ? "No results" : countOf(total, "result");
  const isLookedFor = query.text.trim() !== "";

  return (
    <CentredDialog label="Command palette" size="narrow" onDismiss={onClose} onKeyDown={onKeyDown}>
      <div className={styles.bar}>
        <Search size="1.0625rem" aria-hidden="true" className={styles.lens} />
        <PaletteInput
          className={styles.input}
          role="combobox"
          aria-label="Search actions, keys, accounts and teams"
          aria-autocomplete="list"
          aria-expanded={all.length > 0}
          aria-controls={all.length > 0 ? `${base}list` : undefined}
          aria-activedescendant={active === undefined ? undefined : elementOf(active.id)}
          placeholder="Search actions, keys, accounts"
          value={query.text}
          onType={(text) => look({ text, isTail: false })}
          onToken={(tail) => look({ text: tail, isTail: true })}
        />
        <button type="button" className={styles.close} aria-label="Esc to close" onClick={onClose}>
          <Keys parts={["Esc"]} />
        </button>
      </div>
      {query.isTail && (
        <p className={styles.note}>
          {isNothing ? nothing : "Searched for the last 8 characters."} The token itself was not kept.
        </p>
      )}
      {rows.length === 0 && <KeysOnTheirWay account={account} />}
      {all.length > 0 ? (
        <div
          ref={list}
          id={`${base}list`}
          role="listbox"
          aria-label="Results"
          className={styles.list}
          // The focus stays where it is typed.
          onPointerDown={(event) => event.preventDefault()}
          onMouseDown={(event) => event.preventDefault()}
        >
          {sections.map((section) => (
            <div
              key={section.id}
              role="group"
              aria-labelledby={elementOf(`heading ${section.id}`)}
              className={styles.section}
            >
              <SectionHead id={elementOf(`heading ${section.id}`)} section={section} />
              {section.found.map((found) => (
                <PaletteRow
                  key={found.id}
                  found={found}
                  id={elementOf(found.id)}
                  isActive={found === active}
                  team={team}
                  hasTeams={account.teams.length > 1}
                  onPoint={point}
                  onChoose={choose}
                />
              ))}
            </div>
          ))}
        </div>
      ) : (
        <div className={styles.nothing}>
          <p>{nothing}</p>
          <p className={styles.advice}>A part of a name will do, or the last 8 characters.</p>
        </div>
      )}
      <div className={styles.foot} aria-hidden="true">
        <span>{isLookedFor && count}</span>
        <span className={styles.hints}>
          {all.length > 1 && (
            <>
              <Keys parts={["↑", "↓"]} /> move
            </>
          )}
          {active?.obstacle === null && (
            <>
              <Keys parts={[sayKeys("Enter")]} /> {hints[active.entry.kind]}
            </>
          )}
        </span>
      </div>
      <p role="status" className={styles.said}>
        {isLookedFor && (isNothing ? nothing : `${count}.`)}
        {query.isTail && " The token itself was not kept."}
      </p>
    </CentredDialog>
  );
}

function SectionHead({ id, section: { title, found, total } }: { id: string; section: Section }) {
  return (
    <div id={id} role="presentation" className={styles.heading}>
      {title}{" "}
      {total > found.length && (
        <span className={styles.count}>
          {formatNumber(found.length)} of {formatNumber(total)}
        </span>
      )}
    </div>
  );
}
