/** Which key this is about. */
import type { ReactNode } from "react";
import type { KeyRow } from "../bindings";
import { dateOf, exactTime } from "../lib/time";
import { Ago } from "./Ago";
import styles from "./Identity.module.css";

interface IdentityProps {
  row: KeyRow;
  /** More that is known of it: terms and what they say. */
  children?: ReactNode;
}

export function Identity({ row, children }: IdentityProps) {
  return (
    <dl className={styles.identity}>
      <dt>Token</dt>
      <dd className={styles.mono} data-selectable>
        …{row.lastEight}
      </dd>
      {row.team !== null && (
        <>
          <dt>Team</dt>
          <dd>
            <bdi>{row.team.name}</bdi>
          </dd>
        </>
      )}
      <dt>Abilities</dt>
      <dd>
        {row.abilities.length === 0
          ? "none"
          : row.abilities.map((each) => (each === "*" ? "* (everything)" : each)).join(", ")}
      </dd>
      <dt>Last used</dt>
      <dd>
        {row.lastUsedAt === null ? (
          <strong>{row.lastUseKnown ? "Never used" : "Unknown"}</strong>
        ) : (
          <time dateTime={row.lastUsedAt}>
            <strong>
              <Ago at={row.lastUsedAt} />
            </strong>
            <span className={styles.exact}> · {exactTime(row.lastUsedAt)}</span>
          </time>
        )}
      </dd>
      <dt>Created</dt>
      <dd>{row.createdAt === null ? "unknown" : dateOf(row.createdAt)}</dd>
      {row.own && (
        <>
          <dt>Used by</dt>
          <dd>this app</dd>
        </>
      )}
      {children}
    </dl>
  );
}
