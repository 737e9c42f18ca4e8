/** What a search did not look into: always told, however little it is, with the first few of each on request. */
import { ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import type { SkippedPlace, UsageReport } from "../../bindings";
import { Button } from "../../components/Button";
import styles from "./SkippedPlaces.module.css";
import { listed } from "./words";

export function SkippedPlaces({ report }: { report: UsageReport | null }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const skipped = report?.skipped ?? [];
  const gaps = skipped.filter(({ isGap }) => isGap);
  const leftOut = skipped.filter(({ isGap }) => !isGap);
  const examples = [...gaps, ...leftOut].filter((spot) => spot.examples.length > 0);
  return (
    <div className={styles.skipped}>
      <p className={gaps.length === 0 ? styles.quiet : undefined}>{gapsInWords(report, gaps)}</p>
      {examples.length > 0 && (
        <Button look="quiet" aria-expanded={isOpen} aria-controls={id} onPress={() => setOpen(!isOpen)}>
          <ChevronRight size="0.875rem" aria-hidden="true" className={styles.mark} />
          Show
        </Button>
      )}
      {leftOut.length > 0 && (
        <p className={styles.leftOut}>Left out: {leftOut.map(({ words }) => words).join(" · ")}</p>
      )}
      <div id={id} hidden={!isOpen} className={styles.examples}>
        {isOpen &&
          examples.map((spot) => (
            <section key={spot.words}>
              <h4>{spot.words}</h4>
              <ul>
                {spot.examples.map((example) => (
                  <li key={example} data-selectable>
                    <bdi>{example}</bdi>
                  </li>
                ))}
                {spot.count > spot.examples.length && <li>and {spot.count - spot.examples.length} more</li>}
              </ul>
            </section>
          ))}
      </div>
    </div>
  );
}

/** What came after the end of a search that did not come to its own. */
const rest: Partial<Record<UsageReport["state"], string>> = {
  stopped: "whatever came after the search was stopped",
  broken_off: "whatever came after the search broke off",
};

function gapsInWords(report: UsageReport | null, gaps: readonly SkippedPlace[]): string {
  const unread = report === null ? undefined : rest[report.state];
  const all = [...gaps.map(({ words }) => words), ...(unread === undefined ? [] : [unread])];
  if (all.length > 0) return `Not searched: ${listed(all, "and")}.`;
  if (report === null || report.state === "running")
    return "What was skipped is listed when the search ends.";
  return "Everything in the places searched was read.";
}
