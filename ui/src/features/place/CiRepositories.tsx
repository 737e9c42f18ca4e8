/** The repositories on this machine whose pipelines may use a key: what this machine tells of them, before anybody is asked. */
import { useEffect, useId, useState, type ReactNode } from "react";
import type { AccountId, CiRepositories as Repositories, CiRepository, KeyRow } from "../../bindings";
import { useHost } from "../../host/host";
import styles from "./Places.module.css";

export function CiRepositories({ repositories }: { repositories: Repositories }) {
  const { leftOut } = repositories;
  return (
    <>
      <ul aria-label="Repositories" className={styles.list}>
        {repositories.repositories.map((repository) => (
          <li key={repository.id} className={styles.plain}>
            <RepositoryName repository={repository} />
            <span className={styles.facts}>
              <span>{repository.why}</span>
              {repository.named
                .filter(({ isSameName }) => isSameName)
                .map(({ name, places }) => (
                  <NamedAt key={name} name={name} places={places} />
                ))}
            </span>
          </li>
        ))}
      </ul>
      {leftOut !== null && <p className={styles.facts}>{leftOut}</p>}
    </>
  );
}

export function RepositoryName({ repository }: { repository: CiRepository }) {
  const { name, host, shortPath } = repository;
  return (
    <span className={styles.path}>
      <bdi>{name}</bdi>{" "}
      <span className={styles.muted}>
        on {host}, in <bdi>{shortPath}</bdi>
      </span>
    </span>
  );
}

/** A secret and the lines of workflows that name it. */
function NamedAt({ name, places }: { name: string; places: readonly string[] }) {
  return (
    <span className={styles.spot}>
      <bdi className={styles.mono}>{name}</bdi>
      {places.map((place) => (
        <bdi key={place}>{place}</bdi>
      ))}
    </span>
  );
}

interface CiSectionProps {
  title: string;
  hint: string | null;
  children: ReactNode;
}

export function CiSection({ title, hint, children }: CiSectionProps) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className={styles.ci}>
      <h3 id={heading} className={styles.title}>
        {title}
      </h3>
      {hint !== null && <p className={styles.facts}>{hint}</p>}
      {children}
    </section>
  );
}

/** Beside a rotation: what can be set right after it. */
export function CiBeforeRotation({ account, id }: { account: AccountId; id: KeyRow["id"] }) {
  const host = useHost();
  const [repositories, setRepositories] = useState<Repositories | null>(null);
  useEffect(() => {
    let isDrawn = true;
    host.call("ci_repositories_before_rotation", { account, key: id }).then(
      (answer) => {
        if (isDrawn) setRepositories(answer);
      },
      // It tells what can be done later, and is told again then.
      () => undefined,
    );
    return () => {
      isDrawn = false;
    };
  }, [host, account, id]);
  if (repositories === null || repositories.repositories.length === 0) return null;
  return (
    <CiSection
      title="CI secrets"
      hint="These pipelines may use this key. Right after the rotation you can set their secrets to the new token, beside it."
    >
      <CiRepositories repositories={repositories} />
    </CiSection>
  );
}
