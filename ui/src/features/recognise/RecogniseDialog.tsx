/** The dialog of "I found this string": a field, a file, and under them what it turned out to be. */
import { ScanSearch, X } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import { Heading } from "react-aria-components";
import type { AccountId, KeyRow } from "../../bindings";
import { Button } from "../../components/Button";
import { CentredDialog } from "../../components/CentredDialog";
import { Panel, PanelSkeleton } from "../../components/Panel";
import { countOf } from "../../lib/text";
import { useDelayed } from "../../lib/useDelayed";
import styles from "./Recognise.module.css";
import { RecognisedToken } from "./RecognisedToken";
import { TokenField } from "./TokenField";
import { useRecognition, type Answer } from "./useRecognition";

interface RecogniseDialogProps {
  /** How many files were dropped since it opened, or to open it; the last one is looked into. */
  drops: number;
  onChoose: (kind: "details" | "rotate" | "delete", account: AccountId, key: KeyRow["id"]) => void;
  onClose: () => void;
}

export function RecogniseDialog({ drops, onChoose, onClose }: RecogniseDialogProps) {
  const { answer, asking, ask } = useRecognition();
  const isLooking = asking === "text" || asking === "dropped";
  const isLate = useDelayed(isLooking);
  const body = useRef<HTMLDivElement>(null);
  const heading = useId();
  useEffect(() => {
    if (drops > 0) ask({ kind: "dropped" });
  }, [drops, ask]);
  useEffect(() => {
    if (body.current !== null) body.current.scrollTop = 0;
  }, [answer]);

  return (
    <CentredDialog size="narrow" onDismiss={onClose}>
      <div className={styles.whole}>
        <header className={styles.header}>
          <Heading slot="title" className={styles.title ?? ""}>
            I found this string
          </Heading>
          <Button look="quiet" isIcon aria-label="Close" onPress={onClose}>
            <X size="1rem" aria-hidden="true" />
          </Button>
        </header>
        <div className={styles.question}>
          <TokenField
            asking={asking}
            onText={(text) => ask({ kind: "text", text })}
            onFile={() => ask({ kind: "choose" })}
          />
        </div>
        <section
          ref={body}
          className={styles.answer}
          aria-labelledby={heading}
          aria-busy={isLooking}
          data-empty={(answer === null && !isLooking) || undefined}
        >
          <h2 id={heading} className={isSeveral(answer) ? styles.heading : styles.said}>
            {answer?.kind === "looked" ? <Found answer={answer} /> : "What it is"}
          </h2>
          {isLooking ? (
            <Panel tone="calm" isWaiting>
              <PanelSkeleton said="Looking…" isShown={isLate} />
            </Panel>
          ) : answer === null ? (
            <Expectations />
          ) : (
            <Result answer={answer} onChoose={onChoose} />
          )}
        </section>
        <p role="status" className={styles.said}>
          {answer === null
            ? ""
            : answer.kind === "looked"
              ? answer.message
              : `${answer.error.message} ${answer.error.hint}`}
        </p>
      </div>
    </CentredDialog>
  );
}

/** More than one string that was pasted: then it is told what all of it is. */
function isSeveral(answer: Answer | null): boolean {
  return answer?.kind === "looked" && (answer.file !== null || answer.found.length > 1);
}

function Found({ answer: { found, file } }: { answer: Extract<Answer, { kind: "looked" }> }) {
  if (file === null) return `${countOf(found.length, "string")} recognised`;
  return (
    <>
      <bdi>{file}</bdi>
      {found.length > 0 && ` · ${countOf(found.length, "string")} recognised`}
    </>
  );
}

/** What can be known of a string, before there is one. */
function Expectations() {
  return (
    <div className={styles.expectations}>
      <ScanSearch size="1.375rem" aria-hidden="true" />
      <p>Which of your keys is it, in any of your accounts?</p>
      <p>Is it genuine, by its checksum?</p>
      <p>Is it still alive, as far as your lists know?</p>
    </div>
  );
}

function Result({ answer, onChoose }: { answer: Answer } & Pick<RecogniseDialogProps, "onChoose">) {
  if (answer.kind === "failed") {
    return (
      <Panel tone="warning">
        <p>{answer.error.message}</p>
        {answer.error.hint !== "" && <p>{answer.error.hint}</p>}
      </Panel>
    );
  }
  const { found, message, file } = answer;
  if (found.length === 0) return <Panel tone="calm">{message}</Panel>;
  return (
    <ol className={styles.found}>
      {found.map((token, place) => (
        <RecognisedToken
          // The same token may stand on a line twice.
          key={place}
          token={token}
          isPlaced={file !== null || found.length > 1}
          onChoose={onChoose}
        />
      ))}
    </ol>
  );
}
