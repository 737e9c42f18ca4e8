/** One place that has to do with a key: where it is, what stands there, and what can be done about it. */
import { Check, Copy, FilePen, FolderOpen } from "lucide-react";
import { GridListItem } from "react-aria-components";
import type { Finding, FindingAction, GitLocation } from "../../bindings";
import { Button } from "../../components/Button";
import styles from "./FindingRow.module.css";
import { Location } from "./Location";
import { actionLabels, factsOf, wordsOf } from "./words";

const icons: Record<FindingAction, typeof Copy> = { open: FilePen, show: FolderOpen, copy_path: Copy };

interface FindingRowProps {
  finding: Finding;
  /** The project and environment that begin with it. */
  heads: string | null;
  /** Its token is dead already, and the new one wanted there. */
  isOfOldToken: boolean;
  /** What was done with it a moment ago. */
  done: FindingAction | null;
  /** Where in the history it is; null while that is worked out, undefined where nobody asked. */
  location: GitLocation | null | undefined;
  onAction: (finding: Finding["id"], action: FindingAction) => void;
  onLocate: (finding: Finding["id"]) => void;
}

export function FindingRow(props: FindingRowProps) {
  const { finding, heads, isOfOldToken, done, location, onAction, onLocate } = props;
  const { id, level, kind, variable, mask, actions } = finding;
  const { short, meaning, tone } = wordsOf(level, isOfOldToken);
  const facts = factsOf(finding);
  return (
    <GridListItem
      id={id}
      textValue={[heads, `${calledIn(finding)}: ${short}`].filter((part) => part !== null).join(", ")}
      className={styles.item ?? ""}
    >
      <div className={styles.row} data-live={isOfOldToken || finding.live || undefined}>
        {heads !== null && <bdi className={styles.heads}>{heads}</bdi>}
        <Where finding={finding} />
        <span className={styles.badge} data-tone={tone} data-tip={meaning}>
          {short}
        </span>
        <p className={styles.facts}>
          {variable !== null && (
            <bdi className={styles.mono} data-tip={variable} data-tip-when="cut">
              {variable}
            </bdi>
          )}
          {mask !== "" && <span className={styles.mono}>{mask}</span>}
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </p>
        <span className={styles.actions}>
          {actions.map((action) => {
            const Icon = done === action ? Check : icons[action];
            return (
              <Button
                key={action}
                look="quiet"
                isIcon
                aria-label={actionLabels[action]}
                data-tip={actionLabels[action]}
                onPress={() => onAction(id, action)}
              >
                <Icon size="0.875rem" aria-hidden="true" data-done={done === action || undefined} />
              </Button>
            );
          })}
        </span>
        {kind === "git" && (
          <div className={styles.history}>
            {location === undefined ? (
              <Button look="quiet" onPress={() => onLocate(id)}>
                Where in the history?
              </Button>
            ) : (
              <Location found={location} />
            )}
          </div>
        )}
      </div>
    </GridListItem>
  );
}

/** For those who hear it. */
function calledIn({ process, shortPath, line }: Finding): string {
  if (process !== null) return process;
  return line === null ? shortPath : `${shortPath}, line ${line}`;
}

/** A path keeps its end, which says most, and the number of its line. */
function Where({ finding: { kind, path, shortPath, line, process } }: { finding: Finding }) {
  if (kind === "process" && process !== null) {
    return (
      <span className={styles.where}>
        <bdi className={styles.file}>{process}</bdi>
      </span>
    );
  }
  const cut = shortPath.lastIndexOf("/");
  return (
    <span className={styles.where} data-tip={path}>
      {cut > 0 && <bdi className={styles.folder}>{shortPath.slice(0, cut)}</bdi>}
      <bdi className={styles.file}>{cut > 0 ? shortPath.slice(cut) : shortPath}</bdi>
      {line !== null && <span className={styles.line}>:{line}</span>}
    </span>
  );
}
