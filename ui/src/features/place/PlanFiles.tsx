/**
 * The plan of putting a token in place: the files that hold an older token of its key, each with what would change in it
 * and a box to tick, and what is the user's own to change.
 */
import { useId, type ReactNode } from "react";
import type { PlaceByHand, PlaceFile, PlaceSpot } from "../../bindings";
import { countOf } from "../../lib/text";
import { moveByArrows } from "./arrows";
import styles from "./Places.module.css";
import { Tickable } from "./Tickable";

const written: Record<PlaceSpot["encoding"], string | null> = {
  raw: null,
  percent: "percent-encoded",
  json: "escaped as in JSON",
  html: "escaped as in HTML",
  shell: "escaped for a shell",
  base64: "in base64",
  utf16: "in UTF-16",
};

interface PlanFilesProps {
  files: readonly PlaceFile[];
  ticked: ReadonlySet<string>;
  isFixed: boolean;
  onTick: (id: string, isTicked: boolean) => void;
  /** Stands beside the heading. */
  children?: ReactNode;
}

export function PlanFiles({ files, ticked, isFixed, onTick, children }: PlanFilesProps) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className={styles.section}>
      <div className={styles.head}>
        <h3 id={heading} className={styles.title}>
          {ticked.size} of {countOf(files.length, "file")} ticked
        </h3>
        {children}
      </div>
      <ul aria-labelledby={heading} className={styles.list} onKeyDown={moveByArrows}>
        {files.map((file) => (
          <Tickable
            key={file.id}
            name={<bdi>{file.shortPath}</bdi>}
            facts={<FileFacts {...file} />}
            isTicked={ticked.has(file.id)}
            isFixed={isFixed}
            onTick={(isTicked) => onTick(file.id, isTicked)}
          />
        ))}
      </ul>
    </section>
  );
}

function FileFacts({ spots, before, after, remarks }: PlaceFile) {
  return (
    <>
      {spots.map((spot) => (
        <span key={`${spot.line} ${spot.encoding} ${spot.variable ?? ""}`} className={styles.spot}>
          <span>line {spot.line}</span>
          {spot.variable !== null && <bdi className={styles.mono}>{spot.variable}</bdi>}
          {written[spot.encoding] !== null && <span>{written[spot.encoding]}</span>}
        </span>
      ))}
      <span className={styles.change}>
        <del>{before}</del> <span aria-hidden="true">→</span> <ins>{after ?? "the new token"}</ins>
      </span>
      {remarks.map((remark) => (
        <span key={remark} className={styles.remark}>
          {remark}
        </span>
      ))}
    </>
  );
}

export function ByHand({ places }: { places: readonly PlaceByHand[] }) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className={styles.section}>
      <h3 id={heading} className={styles.title}>
        For you to look at
      </h3>
      <ul aria-labelledby={heading} className={styles.list}>
        {places.map((place) => (
          <li key={`${place.path} ${place.line ?? ""} ${place.reason}`} className={styles.plain}>
            <span className={styles.path}>
              <bdi>{place.shortPath}</bdi>
              {place.line !== null && <span className={styles.muted}>:{place.line}</span>}
            </span>
            <span className={styles.facts}>
              {place.reason} {place.steps}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
