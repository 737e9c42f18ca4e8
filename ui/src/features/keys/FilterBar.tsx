/**
 * The filters beside the search: the usual ones as chips, those with a value in a menu until they are on. Where there
 * is no room for chips, the menu has all of them. Each tells how many keys it would show.
 */
import { ListFilter, X } from "lucide-react";
import { useDeferredValue, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { KeyRow, TeamView } from "../../bindings";
import { focusBeside, leaveByTab } from "../../components/focusAmong";
import { MenuPart } from "../../components/MenuPart";
import { menuTrigger } from "../../components/menuTrigger";
import { PlainButton } from "../../components/PlainButton";
import { part } from "../../lib/part";
import { formatNumber } from "../../lib/text";
import styles from "./FilterBar.module.css";
import { codeOf, countEach, isOn, toggled, usual, type Filter } from "./filters";
import { wordsOf } from "./filterWords";

const filterMenu = part(() => import("./FilterMenu").then(({ FilterMenu }) => FilterMenu));

interface FilterBarProps {
  /** Of the team and the search, whatever the filters let through. */
  rows: readonly KeyRow[];
  /** Of the account. */
  all: readonly KeyRow[];
  /** To choose from; none where one is chosen already. */
  teams: readonly TeamView[];
  filters: readonly Filter[];
  now: number;
  onFilters: (filters: readonly Filter[]) => void;
  /** Down to the list. */
  onLeave: () => void;
}

export function FilterBar({ rows, all, teams, filters, now, onFilters, onLeave }: FilterBarProps) {
  const chips = useMemo(() => [...usual, ...filters.filter((filter) => !isOn(usual, filter))], [filters]);
  const more = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  // The list comes first; the numbers follow.
  const counted = useDeferredValue(rows);
  const counts = useMemo(() => countEach(counted, filters, chips, now), [counted, filters, chips, now]);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.defaultPrevented) return;
    leaveByTab(event);
    if (event.key === "ArrowDown") onLeave();
    else if (!focusBeside(event)) return;
    event.preventDefault();
  };
  // Room for the most there can be: no chip moves while something is typed.
  const minWidth = `${String(all.length).length}ch`;
  return (
    <div className={styles.filters}>
      <div role="toolbar" aria-label="Filters" className={styles.toolbar} onKeyDown={onKeyDown}>
        <div className={styles.chips}>
          {chips.map((filter) => (
            <PlainButton
              key={codeOf(filter)}
              className={isOn(usual, filter) ? styles.chip : `${styles.chip ?? ""} ${styles.extra ?? ""}`}
              aria-pressed={isOn(filters, filter)}
              onPress={() => onFilters(toggled(filters, filter))}
            >
              <bdi className={styles.words}>{wordsOf(filter, teams)}</bdi>{" "}
              <span className={styles.count} style={{ minWidth }}>
                {formatNumber(counts.get(codeOf(filter)) ?? 0)}
              </span>
              {!isOn(usual, filter) && <X size="0.75rem" aria-hidden="true" className={styles.cross} />}
            </PlainButton>
          ))}
        </div>
        <PlainButton ref={more} className={styles.chip} {...menuTrigger(isOpen, () => setOpen(true))}>
          <ListFilter size="0.8125rem" aria-hidden="true" />
          <span className={styles.inWide} data-on={chips.length > usual.length || undefined}>
            More <span className={styles.said}>filters</span>
            <Amount of={chips.length - usual.length} />
          </span>
          <span className={styles.inNarrow} data-on={filters.length > 0 || undefined}>
            <span className={styles.title}>Filters</span> <Amount of={filters.length} />
          </span>
        </PlainButton>
      </div>
      <MenuPart part={filterMenu} isOpen={isOpen} onDismiss={() => setOpen(false)}>
        {(FilterMenu) => (
          <FilterMenu
            isOpen={isOpen}
            anchor={more}
            rows={rows}
            all={all}
            teams={teams}
            filters={filters}
            now={now}
            onFilters={onFilters}
            onClose={() => setOpen(false)}
          />
        )}
      </MenuPart>
    </div>
  );
}

/** How many are on that are not in sight. */
function Amount({ of }: { of: number }) {
  if (of === 0) return null;
  return (
    <span className={styles.amount}>
      {of} <span className={styles.said}>on</span>
    </span>
  );
}
