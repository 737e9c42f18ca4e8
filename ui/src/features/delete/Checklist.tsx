/** The four places that PulseAPI's help names. A list to think along, not boxes to tick: nothing is checked by it. */
import { Blocks, GitBranch, ScrollText, Variable } from "lucide-react";
import styles from "./Checklist.module.css";

const places = [
  { Icon: Variable, what: "Application environment variables" },
  { Icon: GitBranch, what: "CI/CD pipeline secrets" },
  { Icon: Blocks, what: "Third-party integrations, such as Zapier or Make" },
  { Icon: ScrollText, what: "Automation scripts" },
];

export function Checklist() {
  return (
    <section className={styles.section}>
      <h3 className={styles.title}>Before you delete, make sure nothing still uses it</h3>
      <ul className={styles.list}>
        {places.map(({ Icon, what }) => (
          <li key={what}>
            <Icon size="0.9375rem" aria-hidden="true" />
            {what}
          </li>
        ))}
      </ul>
    </section>
  );
}
