/**
 * Beside a new token: where on this machine the old one still stands, as the search before the rotation found it or a
 * later one does. They are what the user has to update; without any, nothing is drawn but the way to search.
 */
import { useId } from "react";
import type { AccountId, FindingGroup, KeyRow, UsageReport } from "../../bindings";
import { Button } from "../../components/Button";
import { countOf } from "../../lib/text";
import { SearchProgress, UsageFindings, usageOf, useUsageSearch } from "../usage";
import styles from "./OldPlaces.module.css";

interface OldPlacesProps {
  account: AccountId;
  keyId: KeyRow["id"];
  /** The last 8 characters of the new token. */
  lastEight: string;
  /** Whether the machine is searched at once. */
  startsByItself?: boolean;
  /** Puts the new token in these places. */
  onPutInPlace?: () => void;
}

/**
 * Only what has to do with another token of the key than the one that it has now, and where a new one can be put: not
 * the history of a repository, nor a log, nor an archive.
 */
function ofOldTokens(report: UsageReport, key: KeyRow["id"], lastEight: string): FindingGroup[] {
  const wasOfOld = usageOf(report, key)?.lastEight !== lastEight;
  return report.groups.flatMap((group) => {
    const findings = group.findings.filter(
      (finding) =>
        finding.kind !== "git" &&
        finding.kind !== "archive" &&
        !finding.past &&
        (finding.level === "older" || (wasOfOld && finding.live)),
    );
    return findings.length === 0 ? [] : [{ ...group, findings, count: findings.length }];
  });
}

export function OldPlaces(props: OldPlacesProps) {
  const { account, keyId, lastEight, startsByItself = false, onPutInPlace } = props;
  const search = useUsageSearch({ account, keys: [keyId], startsByItself });
  const heading = useId();
  const { report } = search;
  const groups = report === null ? [] : ofOldTokens(report, keyId, lastEight);
  const places = new Set(groups.flatMap(({ findings }) => findings.map(({ path }) => path))).size;
  return (
    <section className={styles.places} aria-labelledby={heading}>
      <SearchProgress
        id={heading}
        title={
          places > 0
            ? places === 1
              ? "Update this place"
              : `Update these ${countOf(places, "place")}`
            : "Places with the old token"
        }
        search={search}
      />
      {report !== null &&
        (groups.length > 0 ? (
          <UsageFindings account={account} keyId={keyId} report={{ ...report, groups }} isOfOldToken />
        ) : report.brokeOff !== null ? null : (
          <p className={styles.none}>
            {search.isRunning
              ? "Nothing found so far."
              : "Nothing with the old token found in the places searched."}
          </p>
        ))}
      {onPutInPlace !== undefined && groups.length > 0 && (
        <p className={styles.put}>
          <Button onPress={onPutInPlace} isDisabled={search.isRunning}>
            Put it in place…
          </Button>
          <span className={styles.hint}>You see what changes in each file first.</span>
        </p>
      )}
    </section>
  );
}
