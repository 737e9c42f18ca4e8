/** Choosing a team: the button with what is chosen, and the list under it. */
import { Check, ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";
import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";
import { drawButton } from "../actions/draw";
import type { TeamView } from "../bindings";
import { drawOverlay } from "../components/drawOverlay";
import menu from "../components/Menu.module.css";
import styles from "./TeamSwitcher.module.css";

const ALL = "all teams";

export interface TeamSelectProps {
  teams: readonly TeamView[];
  team: string | null;
  onTeam: (team: string | null) => void;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  keys: readonly string[];
  tip: string | undefined;
  /** What the button shows. */
  children: ReactNode;
}

export function TeamSelect(props: TeamSelectProps) {
  const { teams, team, onTeam, isOpen, onOpenChange, keys, tip, children } = props;
  return (
    <Select
      aria-label="Team"
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      value={team ?? ALL}
      onChange={(key) => onTeam(key === ALL || key === null ? null : String(key))}
    >
      <Button className={styles.switcher ?? ""} render={drawButton(keys)} data-tip={tip} data-tip-beside>
        <SelectValue className={styles.value ?? ""}>{children}</SelectValue>
        <ChevronsUpDown size="0.875rem" aria-hidden="true" className={styles.arrows} />
      </Button>
      <Popover render={drawOverlay} className={menu.popover ?? ""} placement="bottom start" offset={6}>
        <ListBox className={menu.menu ?? ""}>
          {[{ id: ALL, name: "All teams", role: null }, ...teams].map((each) => (
            <ListBoxItem key={each.id} id={each.id} className={menu.item ?? ""} textValue={each.name}>
              <span className={menu.label}>
                <bdi>{each.name}</bdi>
                {each.role !== null && <span className={menu.sub}>{each.role}</span>}
              </span>
              {each.id === (team ?? ALL) && <Check size="0.9375rem" aria-hidden="true" />}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
