/** What became of the files that a token was to be put into, under the headings of the help article. */
import { CircleCheck, CircleX } from "lucide-react";
import type { PlaceResult, PlacesWritten } from "../../bindings";
import styles from "./Places.module.css";

/** What happened, then each file. */
export function WrittenPlaces({ written }: { written: PlacesWritten }) {
  const { message, results } = written;
  const titles = [...new Set(results.map(({ title }) => title))];
  return (
    <>
      <p role="status" className={styles.message}>
        {message}
      </p>
      {titles.map((title) => (
        <section key={title} aria-label={title} className={styles.section}>
          <h3 className={styles.title}>{title}</h3>
          <ul aria-label={title} className={styles.list}>
            {results
              .filter((result) => result.title === title)
              .map((result) => (
                <Result key={result.id} result={result} />
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Result({ result }: { result: PlaceResult }) {
  const Icon = result.done ? CircleCheck : CircleX;
  return (
    <li className={styles.result} data-done={result.done}>
      <Icon size="0.9375rem" aria-hidden="true" />
      <span className={styles.text}>
        <bdi className={styles.path}>{result.shortPath}</bdi>
        <span className={styles.facts}>
          <span>{result.message}</span>
          {result.restart !== null && (
            <>
              <span>{result.restart.what}</span>
              {result.restart.command !== null && (
                <code className={styles.command} data-selectable>
                  {result.restart.command}
                </code>
              )}
            </>
          )}
        </span>
      </span>
    </li>
  );
}
