/**
 * Putting a token in place: the files that hold an older token of its key, each with what would change in it and a box to
 * tick; what is the user's own to change; and afterwards what became of each file and what has to be restarted.
 */
import { CircleCheck, CircleX } from "lucide-react";
import { useId, useRef, type KeyboardEvent } from "react";
import type { PlaceByHand, PlaceFile, PlaceResult, PlaceSpot, TokenInCustody } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import choice from "../../components/Choice.module.css";
import { InlineAlert } from "../../components/InlineAlert";
import { NameInTitle } from "../../components/Name";
import { Panel } from "../../components/Panel";
import { FooterGap, Sheet } from "../../components/Sheet";
import { countOf } from "../../lib/text";
import { OldPlaces } from "./OldPlaces";
import styles from "./PlaceSheet.module.css";
import { usePlaces } from "./usePlaces";

interface PlaceSheetProps {
  token: TokenInCustody;
  onClose: () => void;
}

export function PlaceSheet({ token, onClose }: PlaceSheetProps) {
  const placing = usePlaces(token.id);
  const { plan, ticked, doing, failure, ended } = placing;
  const isHeld = doing === "put";
  return (
    <Sheet
      title={
        <>
          Put the token of <NameInTitle row={token} /> in place
        </>
      }
      isBusy={doing !== null}
      isHeld={isHeld}
      onDismiss={onClose}
      status={isHeld ? "Writing the files…" : undefined}
      footer={
        ended === null ? (
          <>
            <Button isDisabled={isHeld} onPress={onClose}>
              Cancel
            </Button>
            <FooterGap />
            <Button
              look="primary"
              isPending={isHeld}
              isDisabled={plan === null || ticked.size === 0}
              onPress={placing.put}
            >
              {ticked.size === 0 ? "Write…" : `Write ${countOf(ticked.size, "file")}…`}
            </Button>
          </>
        ) : (
          <>
            <FooterGap />
            <Button look="primary" onPress={onClose}>
              Done
            </Button>
          </>
        )
      }
    >
      {ended !== null ? (
        <Results message={ended.message} results={ended.results} token={token} />
      ) : plan === null ? (
        doing === "look" && <p role="status">Looking at each file…</p>
      ) : (
        <>
          {plan.files.length === 0 ? (
            <Panel tone="calm">
              {plan.searched
                ? "No file with an older token of this key can be written."
                : "This machine was not searched for this key. Search it first."}
            </Panel>
          ) : (
            <Files files={plan.files} ticked={ticked} isFixed={isHeld} onTick={placing.tick} />
          )}
          {plan.byHand.length > 0 && <ByHand places={plan.byHand} />}
        </>
      )}
      <InlineAlert>
        {failure !== null && (
          <Banner
            tone="danger"
            actions={
              <Button isDisabled={doing !== null} onPress={placing.look}>
                Look again
              </Button>
            }
          >
            <p>{failure.message}</p>
            {failure.hint !== "" && <p>{failure.hint}</p>}
          </Banner>
        )}
      </InlineAlert>
    </Sheet>
  );
}

const written: Record<PlaceSpot["encoding"], string | null> = {
  raw: null,
  percent: "percent-encoded",
  json: "escaped as in JSON",
  html: "escaped as in HTML",
  shell: "escaped for a shell",
  base64: "in base64",
  utf16: "in UTF-16",
};

interface FilesProps {
  files: readonly PlaceFile[];
  ticked: ReadonlySet<string>;
  isFixed: boolean;
  onTick: (id: string, isTicked: boolean) => void;
}

function Files({ files, ticked, isFixed, onTick }: FilesProps) {
  const list = useRef<HTMLUListElement>(null);
  const heading = useId();
  const move = (event: KeyboardEvent) => {
    const boxes = Array.from(list.current?.querySelectorAll("input") ?? []);
    const place = boxes.findIndex((box) => box === document.activeElement);
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (place === -1 || step === 0) return;
    event.preventDefault();
    boxes[Math.min(Math.max(place + step, 0), boxes.length - 1)]?.focus();
  };
  return (
    <section aria-labelledby={heading} className={styles.section}>
      <h3 id={heading} className={styles.title}>
        {ticked.size} of {countOf(files.length, "file")} ticked
      </h3>
      <ul ref={list} aria-labelledby={heading} className={styles.list} onKeyDown={move}>
        {files.map((file) => (
          <File
            key={file.id}
            file={file}
            isTicked={ticked.has(file.id)}
            isFixed={isFixed}
            onTick={(isTicked) => onTick(file.id, isTicked)}
          />
        ))}
      </ul>
    </section>
  );
}

interface FileProps {
  file: PlaceFile;
  isTicked: boolean;
  isFixed: boolean;
  onTick: (isTicked: boolean) => void;
}

function File({ file, isTicked, isFixed, onTick }: FileProps) {
  const id = useId();
  return (
    <li>
      <label className={styles.file}>
        <input
          type="checkbox"
          className={choice.input}
          checked={isTicked}
          disabled={isFixed}
          aria-labelledby={`${id}-path`}
          aria-describedby={`${id}-facts`}
          onChange={(event) => onTick(event.target.checked)}
        />
        <span className={styles.text}>
          <bdi id={`${id}-path`} className={styles.path}>
            {file.shortPath}
          </bdi>
          <span id={`${id}-facts`} className={styles.facts}>
            {file.spots.map((spot) => (
              <span key={`${spot.line} ${spot.encoding} ${spot.variable ?? ""}`} className={styles.spot}>
                <span>line {spot.line}</span>
                {spot.variable !== null && <bdi className={styles.mono}>{spot.variable}</bdi>}
                {written[spot.encoding] !== null && <span>{written[spot.encoding]}</span>}
              </span>
            ))}
            <span className={styles.change}>
              <del>{file.before}</del> <span aria-hidden="true">→</span> <ins>{file.after}</ins>
            </span>
            {file.remarks.map((remark) => (
              <span key={remark} className={styles.remark}>
                {remark}
              </span>
            ))}
          </span>
        </span>
      </label>
    </li>
  );
}

function ByHand({ places }: { places: readonly PlaceByHand[] }) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className={styles.section}>
      <h3 id={heading} className={styles.title}>
        For you to look at
      </h3>
      <ul aria-labelledby={heading} className={styles.list}>
        {places.map((place) => (
          <li key={`${place.path} ${place.line ?? ""} ${place.reason}`} className={styles.plain}>
            <span className={styles.path}>
              <bdi>{place.shortPath}</bdi>
              {place.line !== null && <span className={styles.muted}>:{place.line}</span>}
            </span>
            <span className={styles.facts}>
              {place.reason} {place.steps}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ResultsProps {
  message: string;
  results: readonly PlaceResult[];
  token: TokenInCustody;
}

/** Under the headings of the help article; then the machine is searched again for what is left. */
function Results({ message, results, token }: ResultsProps) {
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
      {token.key !== null && (
        <OldPlaces account={token.account} keyId={token.key} lastEight={token.lastEight} startsByItself />
      )}
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
