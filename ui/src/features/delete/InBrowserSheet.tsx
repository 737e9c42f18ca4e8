/**
 * The way through a deletion in the browser: the steps of the help article beside the key that is meant, and the check
 * that shows that it is gone. Nothing of the list goes before the service was seen to have the key no more or a 401 was
 * seen, or the user has said yes in the native dialog where nothing can be checked. A pasted token never gets into React's state.
 */
import { ArrowUpRight } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import type { AccountView, DeleteCard, KeyRow, Revocation, TokenSource } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { InlineAlert } from "../../components/InlineAlert";
import { NameInTitle } from "../../components/Name";
import { Panel, Sentence } from "../../components/Panel";
import { FooterGap, Sheet } from "../../components/Sheet";
import { useTime } from "../../lib/clock";
import { isGuided } from "../../lib/guided";
import { clockTime, countdown } from "../../lib/time";
import { useSheetControls } from "../../navigation/registry";
import styles from "./InBrowserSheet.module.css";
import { useBrowserDeletion, type BrowserDeletion } from "./useBrowserDeletion";

interface InBrowserSheetProps {
  account: AccountView;
  row: KeyRow;
  /** Which token can show that the key is gone; none where one has to be pasted. */
  source: TokenSource | null;
  /** Back to the card; with what changed, where something did. */
  onCard: (card: DeleteCard | null, message: string | null) => void;
}

const known: Record<TokenSource, string> = {
  own: "Pulse Keys signs in with this key, and has its token.",
  custody: "Pulse Keys has its token in custody.",
  pasted: "You pasted its token. It is held in memory until you close Pulse Keys, and never written down.",
  found: "Its token stands in a file that the search found. A check reads it there, and keeps nothing of it.",
};

const askedOfToken =
  "A check is one call with the token. Once it gets 401, the key leaves your list as deleted. While it is accepted, each check counts as a use, and it is tried again after 5, 15, 60 and 300 s.";
const askedOfService =
  "A check asks the service for this key and for its whole list. Once both are without it, the key leaves the list here as deleted.";

export function InBrowserSheet({ account, row, source, onCard }: InBrowserSheetProps) {
  const { close } = useSheetControls();
  const deletion = useBrowserDeletion({ account: account.id, key: row.id, source, onCard });
  const { found, work, failure } = deletion;
  const form = useId();
  const heading = useId();
  const has = source ?? (found?.inMemory === true ? "pasted" : null);
  // A token that was refused without proof may have been a wrong one.
  // The service that lists keys says itself whether it has this one. Not of the key that the app asks with.
  const isListed = !isGuided(account) && !row.own;
  const isPasted = !isListed && (has === null || (has === "pasted" && found?.refused === true));
  const isAsking = work === "confirm";
  const mayConfirm = !isListed && (has === null || (found !== null && !found.accepted));
  return (
    <Sheet
      title={
        <>
          Delete <NameInTitle row={row} /> in the browser
        </>
      }
      isBusy={work !== null}
      isHeld={isAsking}
      isArriving={false}
      onDismiss={close}
      status={isAsking ? "Waiting for your answer in the dialog…" : null}
      ask={
        found !== null ? (
          <Found revocation={found} />
        ) : (
          deletion.there !== null && (
            <Panel tone="warning">
              <Sentence>{deletion.there}</Sentence>
            </Panel>
          )
        )
      }
      footer={
        <>
          <Button isDisabled={isAsking} onPress={() => onCard(null, null)}>
            Back
          </Button>
          <FooterGap />
          {mayConfirm && (
            <Button isPending={isAsking} onPress={deletion.confirm}>
              I have deleted it…
            </Button>
          )}
          {isPasted ? (
            <Button
              type="submit"
              form={form}
              look="primary"
              isDisabled={isAsking}
              isPending={work === "check"}
            >
              Check now
            </Button>
          ) : (
            <Button
              look="primary"
              isDisabled={isAsking}
              isPending={work === "check"}
              onPress={() => deletion.check(null)}
            >
              Check now
            </Button>
          )}
        </>
      }
    >
      <p role="status" className={styles.heard}>
        {found === null ? (deletion.there ?? "") : `${found.message} (${clockTime(found.triedAt)})`}
      </p>
      <dl className={styles.key} data-selectable>
        <dt>Name</dt>
        <dd className={styles.name}>
          {row.name.trim() === "" ? "(no name)" : <bdi dir="auto">{row.name}</bdi>}
        </dd>
        <dt>Token</dt>
        <dd className={styles.tail}>…{row.lastEight}</dd>
      </dl>
      {account.kind === "pulseapi" && (
        <p>
          <Button isPending={work === "open"} onPress={deletion.openBrowser}>
            <ArrowUpRight size="0.9375rem" aria-hidden="true" />
            Open Settings → API Keys in the browser
          </Button>
        </p>
      )}
      <ol className={styles.steps}>
        <li>In the browser, open Settings → API Keys.</li>
        <li>Find the key with this name and these last 8 characters.</li>
        <li>Open its … menu and choose Delete. (Rotate would end the token too, and keep the key.)</li>
        <li>Read the confirmation: the name in it must be the one above.</li>
        <li>Confirm it there, then come back and check.</li>
      </ol>
      <section role="group" aria-labelledby={heading} className={styles.proof}>
        <h3 id={heading} className={styles.heading}>
          Is it gone?
        </h3>
        {isPasted ? (
          <TokenForm id={form} deletion={deletion} />
        ) : (
          !isListed && has !== null && <p className={styles.hint}>{known[has]}</p>
        )}
        <p className={styles.hint}>{isListed ? askedOfService : askedOfToken}</p>
      </section>
      <InlineAlert>
        {failure !== null && (
          <Banner tone="danger">
            {failure.message} {failure.hint}
          </Banner>
        )}
      </InlineAlert>
    </Sheet>
  );
}

/** The token on its way to the app: in its field until it is sent, and nowhere else in the page. */
function TokenForm({ id, deletion }: { id: string; deletion: BrowserDeletion }) {
  const input = useRef<HTMLInputElement>(null);
  const [isMissing, setMissing] = useState(false);
  useEffect(() => {
    const field = input.current;
    return () => {
      if (field !== null) field.value = "";
    };
  }, []);
  const missing = { code: "other", message: "Paste the token of this key first.", hint: "" } as const;
  return (
    <form
      id={id}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const field = input.current;
        if (field === null || deletion.work !== null) return;
        const { value } = field;
        field.value = "";
        setMissing(value.trim() === "");
        if (value.trim() !== "") deletion.check(value);
      }}
    >
      <Field
        ref={input}
        label="Token of this key, if you still have it"
        type="password"
        isMono
        error={isMissing ? missing : deletion.refusal}
        help="Check it once before you delete: only a token that was seen to work proves by its 401 that the key is gone. Held in memory until you close Pulse Keys, never written down."
      />
    </form>
  );
}

/** What the last check saw, with its time. */
function Found({ revocation }: { revocation: Revocation }) {
  const { message, triedAt, nextAt, accepted, refused } = revocation;
  return (
    <Panel tone="warning">
      <p>{message}</p>
      <p className={styles.tries}>
        {accepted ? "Still accepted" : refused ? "401" : "Tried"} at {clockTime(triedAt)}.{" "}
        {nextAt === null ? (
          !refused && "Not tried again by itself: press Check now."
        ) : (
          <>
            Tried again at {clockTime(nextAt)}
            <Countdown until={nextAt} />.
          </>
        )}
      </p>
    </Panel>
  );
}

/** Shows that it goes on; not said, it would be said every second. */
function Countdown({ until }: { until: string }) {
  const left = useTime(until, countdown);
  if (left === 0) return null;
  return <span aria-hidden="true"> (in {left} s)</span>;
}
