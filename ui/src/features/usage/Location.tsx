/** Where in the history of a repository a finding is, and what that means. */
import type { GitLocation } from "../../bindings";
import { countOf } from "../../lib/text";
import styles from "./Location.module.css";

/** As git shortens the name of a commit, with some to spare. */
const SHORT = 10;

export function Location({ found }: { found: GitLocation | null }) {
  return (
    <div role="status" className={styles.location} data-pushed={found?.pushed}>
      {found === null ? (
        <p>Asking git…</p>
      ) : (
        <>
          <p className={styles.message}>{found.message}</p>
          {found.commits.length > 0 && (
            <ul aria-label={countOf(found.commits.length, "commit")} className={styles.commits}>
              {found.commits.map(({ commit, paths }) => (
                <li key={commit}>
                  <code className={styles.commit} data-selectable>
                    {commit.slice(0, SHORT)}
                  </code>
                  <bdi className={styles.paths}>
                    {paths.length === 0 ? "in its message" : paths.join(", ")}
                  </bdi>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </div>
  );
}
