/** One token of an answer: whose it is, whether it is genuine, whether it is alive, and the ways on from there. */
import { Check, CircleHelp, X } from "lucide-react";
import { useId, type ReactNode } from "react";
import type {
  AccountId,
  FindingEncoding,
  FindingLevel,
  KeyRow,
  RecognisedToken as Token,
} from "../../bindings";
import { Ago } from "../../components/Ago";
import { Button } from "../../components/Button";
import { Name } from "../../components/Name";
import { exactTime } from "../../lib/time";
import styles from "./Recognise.module.css";

interface RecognisedTokenProps {
  token: Token;
  /** Where it stands is told: there is more than it. */
  isPlaced: boolean;
  onChoose: (kind: "details" | "rotate" | "delete", account: AccountId, key: KeyRow["id"]) => void;
}

const relations: Record<FindingLevel, string> = {
  this_key: "The token that this key has now",
  probable: "Probably the token that this key has now",
  mention: "Ends like the token that this key has now",
  older: "A token that this key had before",
  unlisted: "Not in your lists: of another account, or of a key that is gone",
  hint: "Looks like the name of a token",
};

const encodings: Record<FindingEncoding, string> = {
  raw: "",
  percent: "percent-encoded",
  json: "escaped as in JSON",
  html: "escaped as in HTML",
  shell: "quoted for a shell",
  base64: "in base64",
  utf16: "in 16-bit characters",
};

export function RecognisedToken({ token, isPlaced, onChoose }: RecognisedTokenProps) {
  const { level, account, accountLabel, key: row, genuine, mask, encoding, line } = token;
  const heading = useId();
  const written = [isPlaced ? `on line ${line}` : "", encodings[encoding]].filter((each) => each !== "");
  /** It opens something: then what can be done about it is close at hand. */
  const isLive = level === "this_key" || level === "probable";
  return (
    <li className={styles.token} aria-labelledby={heading} data-level={level}>
      <h3 id={heading} className={styles.whose}>
        {row === null ? (
          <span className={styles.unlisted}>Not one of your keys</span>
        ) : (
          <Name name={row.name} />
        )}
        <span className={styles.tail}>{row === null ? mask : `…${row.lastEight}`}</span>
      </h3>
      {row !== null && (
        <p className={styles.owner}>
          <bdi>{accountLabel}</bdi>
          {row.team !== null && (
            <>
              {" · "}
              <bdi>{row.team.name}</bdi>
            </>
          )}
          {row.own && " · Pulse Keys signs in with it"}
        </p>
      )}
      <dl className={styles.facts}>
        <dt>Token</dt>
        <dd>{relations[level]}</dd>
        <dt>Genuine</dt>
        <dd>
          <Verdict is={genuine}>
            {genuine === null
              ? "Not known: tokens of its kind have no checksum"
              : genuine
                ? "Yes, by its checksum"
                : "No: cut off, masked or damaged"}
          </Verdict>
        </dd>
        <dt>Alive</dt>
        <dd>
          <Aliveness token={token} />
        </dd>
        {written.length > 0 && (
          <>
            <dt>Written</dt>
            <dd>{written.join(", ")}</dd>
          </>
        )}
      </dl>
      {row !== null && account !== null && (
        <div className={styles.ways}>
          <Button onPress={() => onChoose("details", account, row.id)}>Details</Button>
          {isLive && (
            <>
              <Button onPress={() => onChoose("rotate", account, row.id)}>Rotate…</Button>
              <span className={styles.remove}>
                <Button onPress={() => onChoose("delete", account, row.id)}>Delete…</Button>
              </span>
            </>
          )}
        </div>
      )}
    </li>
  );
}

function Aliveness({ token: { alive, level, knownAt } }: { token: Token }) {
  if (alive === null) return <Verdict is={null}>Not known: nobody asked PulseAPI</Verdict>;
  const listed =
    knownAt === null ? null : (
      <>
        , as of the list fetched{" "}
        <time title={exactTime(knownAt)}>
          <Ago at={knownAt} />
        </time>
      </>
    );
  if (!alive) return <Verdict is={false}>No: the key has another token{listed}</Verdict>;
  // What only ends like the token opens nothing.
  if (level === "mention") return <Verdict is={null}>The key is{listed}; this alone can’t be used</Verdict>;
  return <Verdict is>Yes{listed}</Verdict>;
}

const icons = { yes: Check, no: X, unknown: CircleHelp };

function Verdict({ is, children }: { is: boolean | null; children: ReactNode }) {
  const verdict = is === null ? "unknown" : is ? "yes" : "no";
  const Icon = icons[verdict];
  return (
    <span className={styles.verdict} data-is={verdict}>
      <Icon size="0.875rem" aria-hidden="true" />
      <span>{children}</span>
    </span>
  );
}
