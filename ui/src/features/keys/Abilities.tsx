/** The first ability, and how many more; all of them in the tip. */
import styles from "./Abilities.module.css";

export function Abilities({ abilities }: { abilities: readonly string[] }) {
  const [first] = abilities;
  if (first === undefined) return <span className={styles.none}>none</span>;
  const all = abilities.map((each) => (each === "*" ? "* (everything)" : each)).join(", ");
  return (
    <span className={styles.abilities} data-tip={all} data-tip-when={isShort(abilities) ? "cut" : undefined}>
      <span className={styles.chip}>
        <bdi className={styles.text}>{first}</bdi>
      </span>
      {abilities.length > 1 && (
        <span className={styles.chip} aria-label={`and ${abilities.length - 1} more`} role="note">
          +{abilities.length - 1}
        </span>
      )}
    </span>
  );
}

function isShort(abilities: readonly string[]): boolean {
  return abilities.length === 1 && abilities[0] !== "*" && (abilities[0]?.length ?? 0) < 20;
}
