/**
 * What a search found, under the headings of the help article; those with nothing under them share a line. Each
 * heading's list is one stop of the Tab key: arrows lead from finding to finding, and along its buttons.
 */
import { useId } from "react";
import { GridList } from "react-aria-components";
import type { AccountId, Finding, FindingGroup, KeyRow, UsageReport } from "../../bindings";
import { Tips } from "../../components/Tips";
import { formatNumber } from "../../lib/text";
import { FindingRow } from "./FindingRow";
import styles from "./UsageFindings.module.css";
import { useFindingActions, type FindingActions } from "./useFindingActions";
import { listed } from "./words";

interface UsageFindingsProps {
  account: AccountId;
  keyId: KeyRow["id"];
  report: UsageReport;
  /** They hold a token that is dead already, and want the new one. */
  isOfOldToken?: boolean;
}

export function UsageFindings({ account, keyId, report, isOfOldToken = false }: UsageFindingsProps) {
  const actions = useFindingActions(account, keyId);
  const full = report.groups.filter(({ findings }) => findings.length > 0);
  const empty = report.groups.filter(
    ({ findings, heading }) => findings.length === 0 && heading !== "elsewhere",
  );
  return (
    <Tips className={styles.findings}>
      {full.map((group) => (
        <Group key={group.heading} group={group} actions={actions} isOfOldToken={isOfOldToken} />
      ))}
      {report.brokeOff === null && report.state !== "running" && empty.length > 0 && (
        <p className={styles.empty}>
          Nothing under{" "}
          {listed(
            empty.map(({ title }) => inASentence(title)),
            "or",
          )}
          .
        </p>
      )}
      <div role="alert" className={styles.failure}>
        {actions.failure !== null && (
          <p>
            {actions.failure.message} {actions.failure.hint}
          </p>
        )}
      </div>
      <p role="status" className={styles.heard}>
        {actions.done?.action === "copy_path" ? "Path copied." : ""}
      </p>
    </Tips>
  );
}

/** "CI/CD pipeline secrets" keeps its capitals. */
function inASentence(title: string): string {
  const [first = "", second = ""] = title;
  return second === second.toLowerCase() ? `${first.toLowerCase()}${title.slice(1)}` : title;
}

/** What stands over a finding that begins another project or environment than the one before it. */
function headOver({ partOf }: Finding, before: Finding | undefined): string | null {
  if (partOf === (before?.partOf ?? null)) return null;
  return partOf ?? "Without a project";
}

interface GroupProps {
  group: FindingGroup;
  actions: FindingActions;
  isOfOldToken: boolean;
}

function Group({ group, actions, isOfOldToken }: GroupProps) {
  const id = useId();
  const { title, count, findings, more } = group;
  return (
    <section aria-labelledby={id} className={styles.group}>
      <h4 id={id} className={styles.title}>
        {title} {count > 0 && <span className={styles.count}>{formatNumber(count)}</span>}
      </h4>
      <GridList aria-labelledby={id} selectionMode="none" className={styles.list ?? ""}>
        {findings.map((finding, place) => (
          <FindingRow
            key={finding.id}
            finding={finding}
            heads={headOver(finding, findings[place - 1])}
            isOfOldToken={isOfOldToken}
            done={actions.done?.finding === finding.id ? actions.done.action : null}
            location={actions.location.get(finding.id)}
            onAction={actions.run}
            onLocate={actions.locate}
          />
        ))}
      </GridList>
      {more > 0 && <p className={styles.more}>and {formatNumber(more)} more</p>}
    </section>
  );
}
