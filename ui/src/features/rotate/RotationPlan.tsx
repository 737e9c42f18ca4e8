/** Beside a rotation: the files that can have the new token the moment it is there, for the user to tick. */
import type { Places } from "../../bindings";
import { Button } from "../../components/Button";
import { ByHand, PlanFiles, usualFiles } from "../place";
import styles from "./RotateSheet.module.css";

interface RotationPlanProps {
  plan: Places;
  ticked: ReadonlySet<string>;
  isFixed: boolean;
  onTick: (id: string, isTicked: boolean) => void;
  onTickAll: (ticked: ReadonlySet<string>) => void;
}

export function RotationPlan({ plan, ticked, isFixed, onTick, onTickAll }: RotationPlanProps) {
  const { files, byHand } = plan;
  const usual = usualFiles(plan);
  const isAll = [...usual].every((id) => ticked.has(id));
  if (files.length === 0 && byHand.length === 0) return null;
  return (
    <section className={styles.plan} aria-label="Put the new token in place">
      <h3 className={styles.legend}>Put the new token in place</h3>
      <p className={styles.hint}>
        {files.length === 0
          ? "No file with the old token can be written."
          : "What you tick has the new token seconds after the rotation. Each file was tried just now."}
      </p>
      {files.length > 0 && (
        <PlanFiles files={files} ticked={ticked} isFixed={isFixed} onTick={onTick}>
          {usual.size > 1 && (
            <span className={styles.all}>
              <Button look="quiet" isDisabled={isFixed} onPress={() => onTickAll(isAll ? new Set() : usual)}>
                {isAll ? "Tick none" : `Tick all ${usual.size}`}
              </Button>
            </span>
          )}
        </PlanFiles>
      )}
      {byHand.length > 0 && <ByHand places={byHand} />}
    </section>
  );
}
