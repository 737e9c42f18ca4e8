/**
 * Secrets of CI pipelines that can have a token too. First what this machine knows; then, when the user wants it, the names
 * that the services give; then what came of those that the user ticked.
 */
import { CircleCheck, CircleX } from "lucide-react";
import { useId, useState } from "react";
import type { CiResult, CiSecret, CiSecretsOfRepository, CiSecretsSet, CustodyId } from "../../bindings";
import { Ago } from "../../components/Ago";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { InlineAlert } from "../../components/InlineAlert";
import { exactTime } from "../../lib/time";
import { countOf } from "../../lib/text";
import { moveByArrows } from "./arrows";
import { CiRepositories, CiSection, RepositoryName } from "./CiRepositories";
import styles from "./Places.module.css";
import { Tickable } from "./Tickable";
import { useCiSecrets } from "./useCiSecrets";

interface CiSecretsProps {
  token: CustodyId;
  isFixed: boolean;
}

export function CiSecrets({ token, isFixed }: CiSecretsProps) {
  const ci = useCiSecrets(token);
  const { repositories, listed, ticked, doing, failure, ended } = ci;
  if (repositories === null || repositories.repositories.length === 0) return null;
  const hasSecrets = listed?.repositories.some(({ secrets }) => secrets.length > 0) ?? false;
  const isHeld = isFixed || doing !== null;
  const programs = [...new Set(repositories.repositories.map(({ service }) => programOf[service]))];
  return (
    <CiSection
      title="CI secrets"
      hint={
        ended !== null
          ? null
          : listed === null
            ? "A workflow holds no token, only the name of a secret. These repositories may have one for this key."
            : "What you tick is set to this token, after a question. Nothing else is sent."
      }
    >
      {ended !== null ? (
        <Ended ended={ended} />
      ) : listed === null ? (
        <CiRepositories repositories={repositories} />
      ) : (
        listed.repositories.map((of, place) => (
          <Repository
            key={of.repository.id}
            of={of}
            // What holds for the next one too is said after that.
            remark={listed.repositories[place + 1]?.remark === of.remark ? null : of.remark}
            ticked={ticked}
            isFixed={isHeld}
            onTick={ci.tick}
          />
        ))
      )}
      <p className={styles.actions}>
        {hasSecrets && ended === null && (
          <Button isPending={doing === "set"} isDisabled={isHeld || ticked.size === 0} onPress={ci.set}>
            {ticked.size === 0 ? "Set…" : `Set ${countOf(ticked.size, "CI secret")}…`}
          </Button>
        )}
        <Button
          look={listed === null ? "plain" : "quiet"}
          isPending={doing === "list"}
          isDisabled={isHeld}
          onPress={ci.list}
        >
          {listed === null ? "List their secrets" : "List again"}
        </Button>
        {listed === null && (
          <span className={styles.facts}>
            {programs.join(" and ")} {programs.length === 1 ? "asks" : "ask"} for names and times. Nobody can
            read the values.
          </span>
        )}
      </p>
      <InlineAlert>
        {failure !== null && (
          <Banner tone="danger">
            <p>{failure.message}</p>
            {failure.hint !== "" && <p>{failure.hint}</p>}
          </Banner>
        )}
      </InlineAlert>
    </CiSection>
  );
}

const programOf = { github: "gh", gitlab: "glab" };

interface RepositoryProps {
  of: CiSecretsOfRepository;
  remark: string | null;
  ticked: ReadonlySet<string>;
  isFixed: boolean;
  onTick: (id: string, isTicked: boolean) => void;
}

function Repository({ of, remark, ticked, isFixed, onTick }: RepositoryProps) {
  const { repository, secrets, trouble } = of;
  const [isWhole, setWhole] = useState(false);
  const heading = useId();
  const likely = secrets.filter((secret) => secret.isSameName || secret.places.length > 0);
  // Where nothing is likely, everything is as likely.
  const first = likely.length === 0 ? secrets : likely;
  const shown = isWhole ? secrets : first;
  const more = secrets.length - first.length;
  return (
    <div className={styles.repository} role="group" aria-labelledby={heading}>
      <h4 id={heading} className={styles.name}>
        <RepositoryName repository={repository} />
      </h4>
      {shown.length > 0 && (
        <ul aria-labelledby={heading} className={styles.list} onKeyDown={moveByArrows}>
          {shown.map((secret) => (
            <Tickable
              key={secret.id}
              name={<SecretName {...secret} />}
              facts={<SecretFacts {...secret} />}
              isTicked={ticked.has(secret.id)}
              isFixed={isFixed}
              onTick={(isTicked) => onTick(secret.id, isTicked)}
            />
          ))}
        </ul>
      )}
      {more > 0 && !isWhole && (
        <p>
          <Button look="quiet" onPress={() => setWhole(true)}>
            Show {countOf(more, "other secret")}
          </Button>
        </p>
      )}
      {trouble === null && secrets.length === 0 && <p>It has no secrets of its own.</p>}
      {trouble !== null && (
        <div className={styles.facts} role="status">
          <span>{trouble.message}</span>
          {trouble.command !== null && <Command>{trouble.command}</Command>}
        </div>
      )}
      {remark !== null && <p className={styles.facts}>{remark}</p>}
    </div>
  );
}

function SecretName({ name, scope }: CiSecret) {
  return (
    <>
      <bdi className={styles.mono}>{name}</bdi>
      {scope !== null && (
        <span className={styles.muted}>
          {" "}
          for <bdi>{scope}</bdi>
        </span>
      )}
    </>
  );
}

function SecretFacts({ updatedAt, places, isSameName }: CiSecret) {
  return (
    <>
      {isSameName && <span className={styles.same}>Named after the variable that holds the token.</span>}
      <span className={styles.spot}>
        {updatedAt !== null && (
          <span>
            set{" "}
            <time dateTime={updatedAt} title={exactTime(updatedAt)}>
              <Ago at={updatedAt} />
            </time>
          </span>
        )}
        {places.map((place) => (
          <bdi key={place}>{place}</bdi>
        ))}
        {places.length === 0 && <span>named in no workflow here</span>}
      </span>
    </>
  );
}

function Ended({ ended }: { ended: CiSecretsSet }) {
  return (
    <>
      <p role="status" className={styles.message}>
        {ended.message}
      </p>
      <ul aria-label="What became of them" className={styles.list}>
        {ended.results.map((result) => (
          <Result key={result.id} result={result} />
        ))}
      </ul>
    </>
  );
}

function Result({ result }: { result: CiResult }) {
  const { name, repository, done, message, command } = result;
  const Icon = done ? CircleCheck : CircleX;
  return (
    <li className={styles.result} data-done={done}>
      <Icon size="0.9375rem" aria-hidden="true" />
      <span className={styles.text}>
        <span className={styles.path}>
          <bdi className={styles.mono}>{name}</bdi> <span className={styles.muted}>of {repository}</span>
        </span>
        <span className={styles.facts}>
          <span>{message}</span>
          {command !== null && <Command>{command}</Command>}
        </span>
      </span>
    </li>
  );
}

function Command({ children }: { children: string }) {
  return (
    <code className={styles.command} data-selectable>
      {children}
    </code>
  );
}
