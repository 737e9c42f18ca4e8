/** The run as it goes: how far it is, what it is at, and how each key ended so far. */
import {
  Circle,
  CircleCheck,
  CircleHelp,
  CircleMinus,
  CirclePause,
  CircleX,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
} from "lucide-react";
import { memo, useEffect, useRef } from "react";
import type { BulkResult, BulkResultKind, KeyRow } from "../../bindings";
import { Name } from "../../components/Name";
import { useTime } from "../../lib/clock";
import { forDisplay } from "../../lib/text";
import { clockTime, countdown } from "../../lib/time";
import styles from "./Bulk.module.css";
import { detailOf, isGone, titles } from "./results";
import type { BulkRun } from "./useBulkDeletion";

const icons: Record<BulkResultKind, LucideIcon> = {
  deleted: CircleCheck,
  gone_already: CircleCheck,
  changed: CirclePause,
  not_deleted: CircleX,
  unknown: CircleHelp,
  not_tried: CircleMinus,
};

export function ResultIcon({ kind }: { kind: BulkResultKind }) {
  const Icon = icons[kind];
  return <Icon size="0.9375rem" aria-hidden="true" className={styles.icon} data-kind={kind} />;
}

/** Where the user looks already, nothing is moved. */
function isLookedAt(list: HTMLElement): boolean {
  return list.matches(":hover") || list.contains(document.activeElement);
}

export function Running({ run }: { run: BulkRun }) {
  const { rows, done, current, waitingUntil, results } = run;
  const list = useRef<HTMLUListElement>(null);
  const row = rows.find(({ id }) => id === current);
  useEffect(() => {
    const now = list.current;
    if (now === null || current === null || isLookedAt(now)) return;
    now.querySelector("[data-current]")?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <>
      <div className={styles.progress}>
        <p className={styles.far}>
          <strong>
            {done} of {rows.length}
          </strong>
          {row !== undefined && waitingUntil === null && (
            <span className={styles.now}>
              <bdi>{forDisplay(row.name).shown || `…${row.lastEight}`}</bdi>
            </span>
          )}
        </p>
        <div
          role="progressbar"
          className={styles.track}
          aria-label="Keys dealt with"
          aria-valuemin={0}
          aria-valuemax={rows.length}
          aria-valuenow={done}
          aria-valuetext={`${done} of ${rows.length}`}
        >
          <div className={styles.fill} style={{ scale: `${done / Math.max(rows.length, 1)} 1` }} />
        </div>
        <p role="status" className={styles.waiting}>
          {waitingUntil !== null && (
            <>
              <Hourglass size="0.8125rem" aria-hidden="true" />
              Waiting for PulseAPI’s rate limit until {clockTime(waitingUntil)}
              <Countdown until={waitingUntil} />
            </>
          )}
        </p>
      </div>
      {/* Scrollable by the keyboard, too. */}
      <ul ref={list} className={styles.list} aria-label="Keys" tabIndex={0}>
        {rows.map((each) => (
          <RunItem
            key={each.id}
            row={each}
            result={results.get(each.id) ?? null}
            isCurrent={each.id === current}
            isWaiting={each.id === current && waitingUntil !== null}
          />
        ))}
      </ul>
    </>
  );
}

/** Shows that it goes on; not said, it would be said every second. */
function Countdown({ until }: { until: string }) {
  const left = useTime(until, countdown);
  if (left === 0) return null;
  return (
    <span className={styles.left} aria-hidden="true">
      {left} s
    </span>
  );
}

interface RunItemProps {
  row: KeyRow;
  result: BulkResult | null;
  isCurrent: boolean;
  isWaiting: boolean;
}

const RunItem = memo(function RunItem({ row, result, isCurrent, isWaiting }: RunItemProps) {
  const isNow = result === null && isCurrent;
  return (
    <li className={styles.item} data-current={isNow || undefined}>
      <div className={styles.told}>
        {result !== null ? (
          <ResultIcon kind={result.kind} />
        ) : isNow && !isWaiting ? (
          <LoaderCircle size="0.9375rem" aria-hidden="true" className={styles.turning} />
        ) : (
          <Circle size="0.9375rem" aria-hidden="true" className={styles.pending} />
        )}
        <span className={styles.text}>
          <span className={styles.head}>
            <span className={styles.name}>
              <Name name={row.name} />
            </span>
            <span className={styles.tail}>…{row.lastEight}</span>
            <span className={styles.state} data-kind={result?.kind}>
              {result !== null ? stateOf(result) : isNow ? (isWaiting ? "Next" : "Deleting…") : "To do"}
            </span>
          </span>
          {/* A line more only where something went wrong: the list moves as little as it can. */}
          {result !== null && !isGone(result) && <span className={styles.evidence}>{detailOf(result)}</span>}
        </span>
      </div>
    </li>
  );
});

function stateOf({ kind, at }: BulkResult): string {
  return at === null ? titles[kind] : `${titles[kind]} ${clockTime(at)}`;
}
