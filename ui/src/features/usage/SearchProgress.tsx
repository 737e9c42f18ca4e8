/**
 * How far a search of this machine is, in a line that never changes its height, and the button that goes with it: to
 * stop it, or to search again. Its live region says that it began, that something was found, and how it ended.
 */
import { Button } from "../../components/Button";
import { useTime } from "../../lib/clock";
import { relative } from "../../lib/time";
import styles from "./SearchProgress.module.css";
import type { UsageSearch } from "./useUsageSearch";
import { duration, filesRead } from "./words";

interface SearchProgressProps {
  search: UsageSearch;
  /** What the line is about. */
  title: string;
  /** For what is named after the title. */
  id?: string;
}

/** Shorter ago than this is "now": the search is the one that the user has just watched. */
const JUST_NOW = "just now";

export function SearchProgress({ search, title, id }: SearchProgressProps) {
  const { isRunning } = search;
  const canGoFurther = !isRunning && search.report !== null && search.report.tier !== "everything";
  return (
    <div className={styles.progress} data-running={isRunning || undefined}>
      <h3 id={id} className={styles.title}>
        {title}
      </h3>
      <span className={styles.button}>
        {/* One button, so that the focus stays on it. */}
        <Button look="quiet" onPress={isRunning ? search.cancel : () => search.search("folders")}>
          {isRunning ? "Stop" : search.report === null ? "Search" : "Search again"}
        </Button>
      </span>
      <Line search={search} />
      {!isRunning && (
        <span className={styles.button}>
          {canGoFurther && (
            <Button look="quiet" onPress={() => search.search("everything")}>
              Search everything
            </Button>
          )}
        </span>
      )}
      <p role="status" className={styles.heard}>
        {heard(search)}
      </p>
    </div>
  );
}

function Line({ search }: { search: UsageSearch }) {
  const { report, latest, folder, isRunning, error } = search;
  const age = useTime(report?.endedAt ?? "", relative);
  if (isRunning) {
    return (
      <p className={styles.line} data-wide>
        <span className={styles.words}>Searching…</span>
        <span className={styles.folder}>
          <bdi dir="ltr">{folder}</bdi>
        </span>
        {latest !== null && <span className={styles.words}>{filesRead(latest)}</span>}
      </p>
    );
  }
  if (error !== null) return <p className={styles.failure}>{error.message}</p>;
  if (report === null) return <p className={styles.line}>Not searched yet.</p>;
  const { state, endedAt, milliseconds, brokeOff } = report;
  const isOld = endedAt !== null && age !== JUST_NOW;
  const when = isOld ? `, ${age}` : "";
  if (brokeOff !== null) {
    return (
      <p className={styles.brokeOff} data-selectable>
        {brokeOff}
        {isOld && ` That was ${age}.`}
      </p>
    );
  }
  const how = state === "finished" ? "Searched" : "Stopped after";
  return (
    <p className={styles.line}>
      <span className={styles.words}>
        {how} {filesRead(report)} in {duration(milliseconds)}
        {when}
      </span>
    </p>
  );
}

/** A new sentence at the start, with the first finding, and at the end: no more, however often it moves. */
function heard({ report, latest, isRunning, error }: UsageSearch): string {
  if (isRunning) {
    const isFound = latest?.groups.some(({ findings }) => findings.some(({ live }) => live)) === true;
    return isFound ? "Found something; still searching this machine." : "Searching this machine.";
  }
  if (error !== null) return `${error.message} ${error.hint}`;
  if (latest === null || report === null) return "";
  const [only, ...others] = report.keys;
  const ended = report.brokeOff ?? (report.state === "stopped" ? "Search stopped." : "Search ended.");
  return `${ended} ${only !== undefined && others.length === 0 ? only.words : report.message}`;
}
