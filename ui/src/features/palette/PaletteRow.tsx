/** One line of the palette: what it is, what it is called, and at the right what tells it from its neighbours. */
import { ArrowLeftRight, Check, KeyRound, Layers } from "lucide-react";
import { memo } from "react";
import { sayKeys } from "../../actions/keys";
import { actionOf } from "../../actions/table";
import { Keys } from "../../components/Keys";
import { planOf, serviceOf } from "../../lib/accountWords";
import { actionIcons } from "./actionIcons";
import { titleOf } from "./entries";
import type { Found } from "./find";
import { Marked } from "./Marked";
import styles from "./Palette.module.css";

const icons = { key: KeyRound, account: ArrowLeftRight, team: Layers };

interface PaletteRowProps {
  found: Found;
  /** Of the element. */
  id: string;
  isActive: boolean;
  /** The team that is shown now; none for all. */
  team: string | null;
  hasTeams: boolean;
  onPoint: (found: Found) => void;
  onChoose: (found: Found) => void;
}

export const PaletteRow = memo(function PaletteRow(props: PaletteRowProps) {
  const { found, id, isActive, team, hasTeams, onPoint, onChoose } = props;
  const { entry, obstacle, marks } = found;
  const Icon = entry.kind === "action" ? actionIcons[entry.state.id] : icons[entry.kind];
  const title = titleOf(entry);
  return (
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      aria-disabled={obstacle !== null}
      data-active={isActive || undefined}
      data-entry={found.id}
      className={styles.row}
      onPointerMove={() => {
        if (!isActive) onPoint(found);
      }}
      onClick={() => onChoose(found)}
    >
      <Icon size="0.9375rem" aria-hidden="true" className={styles.icon} />
      <span className={styles.text}>
        {title === "" ? (
          <em className={styles.none}>(no name)</em>
        ) : (
          <bdi dir="auto" className={styles.title}>
            <Marked text={title} marks={marks.title} />
          </bdi>
        )}
        {obstacle !== null && <span className={styles.obstacle}>{obstacle}</span>}
      </span>
      <Aside found={found} team={team} hasTeams={hasTeams} />
    </div>
  );
});

function Aside({ found, team, hasTeams }: { found: Found; team: string | null; hasTeams: boolean }) {
  const { entry, marks } = found;
  switch (entry.kind) {
    case "action": {
      const { id, keys, subject, obstacle } = entry.state;
      return (
        <span className={styles.aside}>
          {/* On what it would act, where that can be anything: it is out of sight behind the palette. */}
          <bdi dir="auto" className={styles.group}>
            {obstacle === null && subject !== null ? subject : actionOf(id).group}
          </bdi>
          {keys[0] !== undefined && <Keys parts={sayKeys(keys[0]).split(" ")} />}
        </span>
      );
    }
    case "key": {
      const { row } = entry;
      return (
        <span className={styles.aside}>
          {row.own && <span className={styles.badge}>this app</span>}
          {hasTeams && row.team !== null && <bdi className={styles.group}>{row.team.name}</bdi>}
          <span className={styles.tail}>
            …<Marked text={row.lastEight} marks={marks.tail} />
          </span>
        </span>
      );
    }
    case "account": {
      const plan = planOf(entry.account);
      return (
        <span className={styles.aside}>
          {plan === null ? serviceOf(entry.account) : `${serviceOf(entry.account)} · ${plan}`}
        </span>
      );
    }
    case "team":
      return (
        <span className={styles.aside}>
          {entry.role}
          {entry.team === team && (
            <Check size="0.9375rem" role="img" aria-label="shown now" aria-hidden={undefined} />
          )}
        </span>
      );
  }
}
