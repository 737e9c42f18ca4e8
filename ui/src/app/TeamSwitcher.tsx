/** Which team's keys are shown: all of them, or one's. It filters what is here; it asks nothing. */
import { ChevronsUpDown, Layers } from "lucide-react";
import { useState } from "react";
import { sayKeys } from "../actions/keys";
import { useAction, useShortcut } from "../actions/useActions";
import type { AccountView } from "../bindings";
import { planOf } from "../lib/accountWords";
import { part, usePart } from "../lib/part";
import styles from "./TeamSwitcher.module.css";

const teamSelect = part(() => import("./TeamSelect").then(({ TeamSelect }) => TeamSelect));

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
  const { keys } = useShortcut("team.switch");
  const select = usePart(teamSelect, isOpen);
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
  if (select.kind !== "ready") {
    return (
      <div className={styles.switcher}>
        <span className={styles.value}>{face}</span>
        <ChevronsUpDown size="0.875rem" aria-hidden="true" className={styles.arrows} />
      </div>
    );
  }
  return (
    <select.Component
      teams={account.teams}
      team={team}
      onTeam={onTeam}
      isOpen={isOpen}
      onOpenChange={setOpen}
      keys={keys}
      tip={isOpen ? undefined : sayKeys(keys[0])}
    >
      {face}
    </select.Component>
  );
}
