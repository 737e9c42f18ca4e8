/** Where a key is used on this machine: how far the search is, what it says, what it found, what it could not see. */
import { useId } from "react";
import type { AccountId, KeyRow } from "../../bindings";
import { SkippedPlaces } from "./SkippedPlaces";
import { usageOf } from "./report";
import { SearchProgress } from "./SearchProgress";
import { UsageFindings } from "./UsageFindings";
import styles from "./UsageSection.module.css";
import { UsageVerdict } from "./UsageVerdict";
import type { UsageSearch } from "./useUsageSearch";

interface UsageSectionProps {
  account: AccountId;
  /** As far as it is known. */
  row: Pick<KeyRow, "id" | "lastEight">;
  search: UsageSearch;
  title?: string;
}

export function UsageSection(props: UsageSectionProps) {
  const { account, row, search, title = "Where it is used on this machine" } = props;
  const heading = useId();
  const { report } = search;
  const usage = usageOf(report, row.id);
  return (
    <section className={styles.section} aria-labelledby={heading}>
      <SearchProgress id={heading} title={title} search={search} />
      {(usage !== null || search.isRunning) && <UsageVerdict usage={usage} lastEight={row.lastEight} />}
      {report !== null && <UsageFindings account={account} keyId={row.id} report={report} />}
      {(report !== null || search.isRunning) && <SkippedPlaces report={report} />}
    </section>
  );
}
