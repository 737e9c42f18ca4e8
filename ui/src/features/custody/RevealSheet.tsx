/**
 * A fresh token: where it is, what can be done with it, and the question whether it has been stored. It is never left
 * without a word: Esc, a click outside and the cross ask, as long as the token waits.
 */
import { Check, CircleCheck, CircleHelp, CircleX, Copy, Eye, EyeOff } from "lucide-react";
import { useState, type ReactNode } from "react";
import type {
  CopyForm,
  Custody,
  PlacesWritten,
  TokenInCustody,
  TokenTest,
  TokenTried,
  UiError,
} from "../../bindings";
import { Ago } from "../../components/Ago";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { InlineAlert } from "../../components/InlineAlert";
import { NameInTitle } from "../../components/Name";
import { Panel } from "../../components/Panel";
import { Question } from "../../components/Question";
import { FooterGap, Sheet } from "../../components/Sheet";
import { clockTime, exactTime } from "../../lib/time";
import { CiSecrets, WrittenPlaces } from "../place";
import { OldPlaces } from "./OldPlaces";
import type { Settling } from "./outcome";
import { PlaceSheet } from "./PlaceSheet";
import styles from "./RevealSheet.module.css";
import { useToken } from "./useToken";

interface RevealSheetProps {
  token: TokenInCustody;
  /** What went wrong beside, when it has just been rotated. */
  trouble: UiError | null;
  /** What came of trying it before it was shown. */
  tested: TokenTest | null;
  /** The files that it was put into before it was shown. */
  written: PlacesWritten | null;
  isArriving: boolean;
  onClose: () => void;
  onSettled: (how: Settling, custody: Custody) => void;
}

type Asking = "leave" | "remove";

export function RevealSheet(props: RevealSheetProps) {
  const { token, trouble, written, isArriving, onClose, onSettled } = props;
  const handling = useToken({ token: token.id, tested: props.tested, onSettled });
  const { copied, doing, failure, tested, text } = handling;
  const [asking, setAsking] = useState<Asking | null>(null);
  const [isPlacing, setPlacing] = useState(false);
  const isWaiting = token.state === "waiting";
  const isInMemory = token.place === "memory";
  const isHeld = doing === "stored" || doing === "keep";

  const dismiss = () => {
    if (asking !== null) setAsking(null);
    else if (isWaiting) setAsking("leave");
    else onClose();
  };
  const copyButton = (form: CopyForm, label: string, words?: string) => (
    <Button
      look={words === undefined ? "quiet" : "plain"}
      isIcon={words === undefined}
      aria-label={label}
      isDisabled={isHeld}
      onPress={() => handling.copy(form)}
    >
      {copied?.form === form ? (
        <Check size="0.9375rem" aria-hidden="true" className={styles.done} />
      ) : (
        <Copy size="0.9375rem" aria-hidden="true" />
      )}
      {words}
    </Button>
  );

  return (
    <Sheet
      title={
        <>
          {isWaiting ? "New token of " : "Token of "}
          <NameInTitle row={token} />
        </>
      }
      isBusy={doing !== null}
      isHeld={isHeld}
      isArriving={isArriving}
      onDismiss={dismiss}
      footer={
        <Footer
          isWaiting={isWaiting}
          isInMemory={isInMemory}
          asking={asking}
          onAsk={setAsking}
          doing={doing}
          onKeep={handling.keep}
          onStored={handling.stored}
          onClose={onClose}
        />
      }
    >
      <Location token={token} isMissing={failure?.code === "token_missing"} />
      {trouble !== null && (
        <Banner tone="warning" isAlert>
          <p>{trouble.message}</p>
          {trouble.hint !== "" && <p>{trouble.hint}</p>}
        </Banner>
      )}
      {token.own && (
        <Panel tone="calm">
          Pulse Keys already signs in with this token. Store it only if something else uses this key.
        </Panel>
      )}
      {written !== null && <WrittenPlaces written={written} />}
      <section className={styles.section} aria-label="Token">
        <div className={styles.token}>
          <code className={text === null ? styles.masked : styles.text}>{text ?? token.masked}</code>
        </div>
        <div className={styles.buttons}>
          {copyButton("token", "Copy the token", "Copy")}
          {text === null ? (
            <Button isPending={doing === "reveal"} isDisabled={isHeld} onPress={handling.reveal}>
              <Eye size="0.9375rem" aria-hidden="true" />
              Reveal
            </Button>
          ) : (
            <Button isDisabled={isHeld} onPress={handling.hide}>
              <EyeOff size="0.9375rem" aria-hidden="true" />
              Hide
            </Button>
          )}
          <p role="status" className={styles.copied}>
            {copied !== null && <span key={copied.count}>{copied.message}</span>}
          </p>
        </div>
      </section>
      <Line title="In an .env file" text={token.envMasked}>
        {copyButton("env", "Copy the .env line")}
      </Line>
      <Line title="On the command line, with the token from that variable" text={token.curl}>
        {copyButton("curl", "Copy the curl line")}
      </Line>
      <section className={styles.section} aria-label="Test">
        <div className={styles.test}>
          <Button isPending={doing === "test"} isDisabled={isHeld} onPress={handling.test}>
            Test it
          </Button>
          <p className={styles.harmless}>
            {token.oldTokenKnown
              ? "One harmless call with it, and one with the old token, which must be refused."
              : "One harmless call with it."}
          </p>
        </div>
        <div role="status">{tested !== null && <Tests tested={tested} />}</div>
      </section>
      {token.origin === "rotated" && token.key !== null && (
        <OldPlaces
          // What is left after some were written is read anew.
          key={String(isPlacing)}
          account={token.account}
          keyId={token.key}
          lastEight={token.lastEight}
          startsByItself={written !== null}
          onPutInPlace={() => setPlacing(true)}
        />
      )}
      {!isPlacing && <CiSecrets token={token.id} isFixed={isHeld} />}
      {isPlacing && <PlaceSheet token={token} onClose={() => setPlacing(false)} />}
      <InlineAlert>
        {failure !== null && (
          <Banner
            tone="danger"
            actions={
              failure.code === "token_missing" ? (
                <Button isDisabled={isHeld} onPress={() => setAsking("remove")}>
                  Remove from list…
                </Button>
              ) : undefined
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

const originInWords: Record<TokenInCustody["origin"], string> = {
  created: "Created",
  rotated: "Rotated",
  found: "Found where it was used, and kept for the time of a swap,",
};

/** In one sentence where the token is now, and what that means. */
interface LocationProps {
  token: TokenInCustody;
  /** The keychain has just said that it does not have it. */
  isMissing: boolean;
}

function Location({ token, isMissing }: LocationProps) {
  const { state, place, trouble, origin, arrivedAt, accountLabel } = token;
  return (
    <div className={styles.where}>
      {place === "memory" ? (
        <Panel tone="danger">
          <p className={styles.strong}>
            {trouble === null ? "No keychain is in use." : "Your keychain refused it."} It exists only in this
            window and is lost when the app closes. Store it now.
          </p>
          {trouble !== null && (
            <p>
              {trouble.message} {trouble.hint}
            </p>
          )}
        </Panel>
      ) : (
        <p>
          {isMissing
            ? "It was put into your keychain, which does not have it now."
            : state === "waiting"
              ? "It is in your keychain until you say you have stored it."
              : "It is kept in your keychain until you remove it."}
        </p>
      )}
      <p className={styles.origin}>
        {originInWords[origin]}{" "}
        <time dateTime={arrivedAt} title={exactTime(arrivedAt)}>
          <Ago at={arrivedAt} />
        </time>{" "}
        for <bdi>{accountLabel}</bdi>.
      </p>
    </div>
  );
}

interface LineProps {
  title: string;
  text: string;
  /** The button that copies it. */
  children: ReactNode;
}

function Line({ title, text, children }: LineProps) {
  return (
    <section className={styles.section}>
      <h3 className={styles.title}>{title}</h3>
      <div className={styles.line}>
        <code className={styles.code}>{text}</code>
        {children}
      </div>
    </section>
  );
}

function Tests({ tested }: { tested: TokenTest }) {
  const { old } = tested;
  return (
    <ul className={styles.results}>
      <Result name={old === null ? "Token" : "New token"} tried={tested.new} wanted="accepted" />
      {old !== null && <Result name="Old token" tried={old} wanted="refused" />}
    </ul>
  );
}

interface ResultProps {
  name: string;
  tried: TokenTried;
  /** What it should be. */
  wanted: "accepted" | "refused";
}

function Result({ name, tried, wanted }: ResultProps) {
  const { verdict, message, at } = tried;
  const fits = verdict === "not_known" ? "unknown" : verdict === wanted ? "yes" : "no";
  const Icon = fits === "yes" ? CircleCheck : fits === "no" ? CircleX : CircleHelp;
  return (
    <li data-fits={fits}>
      <Icon size="0.9375rem" aria-hidden="true" />
      <span className={styles.tested}>
        <span className={styles.strong}>{name}</span> {message}
      </span>
      <time dateTime={at} title={exactTime(at)} className={styles.at}>
        {clockTime(at)}
      </time>
    </li>
  );
}

interface FooterProps {
  isWaiting: boolean;
  isInMemory: boolean;
  asking: Asking | null;
  onAsk: (asking: Asking | null) => void;
  doing: "reveal" | "test" | "stored" | "keep" | null;
  onKeep: () => void;
  onStored: () => void;
  onClose: () => void;
}

function Footer(props: FooterProps) {
  const { isWaiting, isInMemory, asking, onAsk, doing, onKeep, onStored, onClose } = props;
  const isHeld = doing === "stored" || doing === "keep";
  if (asking === "leave") {
    return (
      <Question
        question={`This token has not been stored yet. ${
          isInMemory
            ? "It exists only in this window and is lost when the app closes."
            : "It stays in your keychain and waits for you."
        }`}
        back="Back"
        onBack={() => onAsk(null)}
        go="Leave it for later"
        onGo={onClose}
      />
    );
  }
  if (asking === "remove") {
    return (
      <Question
        question="Remove this copy of the token? The key itself keeps working, but if you have no other copy you will have to rotate it."
        back="Back"
        onBack={() => onAsk(null)}
        go="Remove"
        onGo={onStored}
        isDestroying
        isBusy={doing === "stored"}
      />
    );
  }
  return isWaiting ? (
    <>
      <Button isPending={doing === "keep"} isDisabled={doing === "stored"} onPress={onKeep}>
        Keep in keychain
      </Button>
      <FooterGap />
      <Button look="primary" isPending={doing === "stored"} isDisabled={doing === "keep"} onPress={onStored}>
        I have stored it
      </Button>
    </>
  ) : (
    <>
      <Button isDisabled={isHeld} onPress={() => onAsk("remove")}>
        Remove from keychain…
      </Button>
      <FooterGap />
      <Button look="primary" isDisabled={isHeld} onPress={onClose}>
        Done
      </Button>
    </>
  );
}
