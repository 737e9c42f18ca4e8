/** A key's name: plain text in its own direction, whatever is in it. */
import type { KeyRow } from "../bindings";
import { forDisplay } from "../lib/text";
import styles from "./Name.module.css";

export function Name({ name }: { name: string }) {
  const { shown, whole, isCut } = forDisplay(name);
  if (shown === "") return <em className={styles.none}>(no name)</em>;
  return (
    <bdi dir="auto" className={styles.name} data-tip={whole} data-tip-when={isCut ? undefined : "cut"}>
      {shown}
    </bdi>
  );
}

/** In a sentence or a title: the name in quotes, the last 8 characters where there is none. */
export function NameInTitle({ row }: { row: Pick<KeyRow, "name" | "lastEight"> | null }) {
  if (row === null) return "this key";
  const { shown } = forDisplay(row.name);
  if (shown === "") return `…${row.lastEight}`;
  return (
    <>
      “<bdi>{shown}</bdi>”
    </>
  );
}
