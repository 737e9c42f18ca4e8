/** All filters in one menu. It stays open while some are chosen, and counts along. */
import { Check } from "lucide-react";
import { useMemo, type ReactNode, type RefObject } from "react";
import { Header, Menu, MenuItem, MenuSection, Popover, Separator } from "react-aria-components";
import type { KeyRow, TeamView } from "../../bindings";
import { drawOverlay } from "../../components/drawOverlay";
import menu from "../../components/Menu.module.css";
import { formatNumber } from "../../lib/text";
import { dateOf } from "../../lib/time";
import styles from "./FilterBar.module.css";
import { abilitiesIn, daysIn } from "./filterChoices";
import { codeOf, countEach, filterOf, isOn, isStorable, toggled, usual, type Filter } from "./filters";
import { wordsOf } from "./filterWords";

interface FilterMenuProps {
  isOpen: boolean;
  anchor: RefObject<HTMLElement | null>;
  rows: readonly KeyRow[];
  all: readonly KeyRow[];
  teams: readonly TeamView[];
  filters: readonly Filter[];
  now: number;
  onFilters: (filters: readonly Filter[]) => void;
  onClose: () => void;
}

interface Choice {
  filter: Filter;
  words: string;
  sub?: string | undefined;
}

interface Part {
  title: string;
  mode: "single" | "multiple";
  choices: readonly Choice[];
}

const CLEAR = "clear";

function partsOf(
  all: readonly KeyRow[],
  teams: readonly TeamView[],
  filters: readonly Filter[],
  now: number,
): Part[] {
  const named = (filter: Filter): Choice => ({ filter, words: wordsOf(filter, teams) });
  const days = daysIn(all, now).map(({ day, words }): Choice => {
    const date = dateOf(`${day}T00:00:00`);
    const filter: Filter = { kind: "created-before", day };
    return words === null ? { filter, words: date } : { filter, words, sub: date };
  });
  // A date that was chosen some days ago is no longer one of those on offer.
  const chosen = filters.filter((filter) => filter.kind === "created-before");
  const earlier = chosen.filter((filter) => !days.some((each) => codeOf(each.filter) === codeOf(filter)));
  const parts: Part[] = [
    {
      title: "Use",
      mode: "multiple",
      choices: [...usual, { kind: "own" } as const].map(named),
    },
    {
      title: "Your notes",
      mode: "multiple",
      choices: [{ kind: "note", is: "due" } as const, { kind: "note", is: "none" } as const].map(named),
    },
    {
      title: "Created before",
      mode: "single",
      choices: [...earlier.map((filter) => ({ filter, words: dateOf(`${filter.day}T00:00:00`) })), ...days],
    },
    {
      title: "Ability",
      mode: "multiple",
      choices: abilitiesIn(all)
        .map((ability) => named({ kind: "ability", ability }))
        .filter(({ filter }) => isStorable(filter)),
    },
    {
      title: "Team",
      mode: "multiple",
      choices: teams.length > 1 ? teams.map(({ id }) => named({ kind: "team", team: id })) : [],
    },
  ];
  return parts.filter(({ choices }) => choices.length > 0);
}

export function FilterMenu({ isOpen, anchor, onClose, ...choices }: FilterMenuProps) {
  return (
    <Popover
      render={drawOverlay}
      isOpen={isOpen}
      onOpenChange={(isStillOpen) => {
        if (!isStillOpen) onClose();
      }}
      triggerRef={anchor}
      aria-label="Filters"
      className={`${menu.popover ?? ""} ${styles.popover ?? ""}`}
      placement="bottom start"
      offset={6}
    >
      <FilterItems {...choices} onClose={onClose} />
    </Popover>
  );
}

type FilterItemsProps = Omit<FilterMenuProps, "isOpen" | "anchor">;

function FilterItems({ rows, all, teams, filters, now, onFilters, onClose }: FilterItemsProps) {
  const parts = useMemo(() => partsOf(all, teams, filters, now), [all, teams, filters, now]);
  const counts = useMemo(() => {
    const candidates = parts.flatMap(({ choices }) => choices.map(({ filter }) => filter));
    return countEach(rows, filters, candidates, now);
  }, [parts, rows, filters, now]);
  const on = useMemo(() => new Set(filters.map(codeOf)), [filters]);
  const toggle = (code: string) => {
    const filter = filterOf(code);
    if (filter !== null) onFilters(toggled(filters, filter));
  };
  return (
    <Menu
      aria-label="Filters"
      autoFocus="first"
      className={menu.menu ?? ""}
      onClose={onClose}
      onAction={(id) => {
        if (id === CLEAR) onFilters([]);
      }}
    >
      {parts.map(({ title, mode, choices }) => (
        <MenuSection
          key={title}
          selectionMode={mode}
          shouldCloseOnSelect={false}
          selectedKeys={choices.map(({ filter }) => codeOf(filter)).filter((code) => on.has(code))}
          onSelectionChange={(keys) => {
            if (keys === "all") return;
            // Whichever one is different now was pressed.
            const changed = choices
              .map(({ filter }) => codeOf(filter))
              .find((code) => keys.has(code) !== on.has(code));
            const added = choices
              .map(({ filter }) => codeOf(filter))
              .find((code) => keys.has(code) && !on.has(code));
            const pressed = added ?? changed;
            if (pressed !== undefined) toggle(pressed);
          }}
        >
          <Header className={styles.header ?? ""}>{title}</Header>
          {choices.map(({ filter, words, sub }) => (
            <FilterItem
              key={codeOf(filter)}
              code={codeOf(filter)}
              words={words}
              isOn={isOn(filters, filter)}
              count={counts.get(codeOf(filter)) ?? 0}
            >
              {sub}
            </FilterItem>
          ))}
        </MenuSection>
      ))}
      {filters.length > 0 && <Separator className={menu.separator ?? ""} />}
      {filters.length > 0 && (
        <MenuItem id={CLEAR} className={menu.item ?? ""}>
          Clear filters
        </MenuItem>
      )}
    </Menu>
  );
}

interface FilterItemProps {
  code: string;
  words: string;
  isOn: boolean;
  count: number;
  children?: ReactNode;
}

function FilterItem({ code, words, isOn: isChosen, count, children }: FilterItemProps) {
  return (
    <MenuItem id={code} className={menu.item ?? ""} textValue={words}>
      <span className={styles.tick}>{isChosen && <Check size="0.9375rem" aria-hidden="true" />}</span>
      <bdi className={menu.label}>{words}</bdi>
      {children !== undefined && <span className={styles.sub}>{children}</span>}
      <span className={styles.number}>{formatNumber(count)}</span>
    </MenuItem>
  );
}
