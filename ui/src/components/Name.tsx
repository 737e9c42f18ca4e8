/** A key's name: one line of plain text, in its own direction, whatever is in it. */
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
