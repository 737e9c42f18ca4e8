/** Which team's keys are shown: all of them, or one's. It filters what is here; it asks nothing. */
import { Check, ChevronsUpDown, Layers } from "lucide-react";
import { useState } from "react";
import {
  Button,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Tooltip,
  TooltipTrigger,
} from "react-aria-components";
import { drawButton } from "../actions/draw";
import { sayKeys } from "../actions/keys";
import { useAction, useActionState } from "../actions/useActions";
import type { AccountView } from "../bindings";
import menu from "../components/Menu.module.css";
import tips from "../components/Tips.module.css";
import { planOf } from "../lib/accountWords";
import styles from "./TeamSwitcher.module.css";

const ALL = "all teams";

interface TeamSwitcherProps {
  account: AccountView;
  team: string | null;
  onTeam: (team: string | null) => void;
}

function initialOf(name: string): string {
  return Array.from(name.trim())[0]?.toUpperCase() ?? "?";
}

export function TeamSwitcher({ account, team, onTeam }: TeamSwitcherProps) {
  const chosen = account.teams.find(({ id }) => id === team);
  const name = chosen?.name ?? "All teams";
  const plan = planOf(account);
  const isAlone = account.teams.length < 2;
  const [isOpen, setOpen] = useState(false);
  useAction("team.switch", isAlone ? "This account has one team." : () => setOpen(true));
  const { keys } = useActionState("team.switch");
  const shown = isAlone ? (account.teams[0]?.name ?? account.userName) : name;
  const face = (
    <>
      <span className={styles.avatar} aria-hidden="true">
        {chosen === undefined && !isAlone ? <Layers size="0.8125rem" /> : initialOf(shown)}
      </span>
      <span className={styles.text}>
        <bdi className={styles.name}>{shown}</bdi>
        {plan !== null && <span className={styles.plan}>{plan} plan</span>}
      </span>
    </>
  );
  // With one team there is nothing to choose.
  if (isAlone) return <div className={`${styles.switcher ?? ""} ${styles.alone ?? ""}`}>{face}</div>;
  return (
    <Select
      aria-label="Team"
      isOpen={isOpen}
      onOpenChange={setOpen}
      value={team ?? ALL}
      onChange={(key) => onTeam(key === ALL || key === null ? null : String(key))}
    >
      <TooltipTrigger delay={450} isDisabled={keys.length === 0 || isOpen}>
        <Button className={styles.switcher ?? ""} render={drawButton(keys)}>
          <SelectValue className={styles.value ?? ""}>{face}</SelectValue>
          <ChevronsUpDown size="0.875rem" aria-hidden="true" className={styles.arrows} />
        </Button>
        <Tooltip className={tips.tip ?? ""} placement="right" offset={8}>
          {sayKeys(keys[0])}
        </Tooltip>
      </TooltipTrigger>
      <Popover className={menu.popover ?? ""} placement="bottom start" offset={6}>
        <ListBox className={menu.menu ?? ""}>
          {[{ id: ALL, name: "All teams", role: null }, ...account.teams].map((each) => (
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
