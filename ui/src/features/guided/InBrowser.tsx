/** What the two sheets have in common whose work is done in the browser: the steps there, and the field for the token. */
import { ArrowUpRight } from "lucide-react";
import { useState, type ReactNode, type Ref } from "react";
import type { AccountId, UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { InlineAlert } from "../../components/InlineAlert";
import { uiErrorOf, useHost } from "../../host/host";
import styles from "./Guided.module.css";
import type { PastedToken } from "./usePastedToken";

/** The steps of the help article, and the way there. */
export function BrowserSteps({ account, children }: { account: AccountId; children: ReactNode }) {
  const host = useHost();
  const [failure, setFailure] = useState<UiError | null>(null);
  const open = () => {
    setFailure(null);
    host.call("open_dashboard", { account }).catch((thrown: unknown) => setFailure(uiErrorOf(thrown)));
  };
  return (
    <section className={styles.browser} aria-label="In the browser">
      <div className={styles.head}>
        <h3 className={styles.heading}>In the browser</h3>
        <Button onPress={open}>
          Open Settings → API Keys
          <ArrowUpRight size="0.9375rem" aria-hidden="true" />
        </Button>
      </div>
      <ol className={styles.steps}>{children}</ol>
      <div role="alert" className={styles.said}>
        {failure !== null && (
          <>
            {failure.message} {failure.hint}
          </>
        )}
      </div>
    </section>
  );
}

interface NewTokenFieldProps {
  pasted: PastedToken;
  ref: Ref<HTMLInputElement>;
}

export function NewTokenField({ pasted, ref }: NewTokenFieldProps) {
  return (
    <Field
      ref={ref}
      label="Paste the new token"
      type="password"
      isMono
      readOnly={pasted.isBusy}
      error={pasted.errorAt("token")}
      help="It goes into your keychain first. Then it is tried with one harmless call."
      onChange={pasted.changed}
    />
  );
}

interface PasteAlertsProps {
  pasted: PastedToken;
  onGoOn: () => void;
}

/** What speaks against the token, and what went wrong. */
export function PasteAlerts({ pasted, onGoOn }: PasteAlertsProps) {
  const { doubt, failure } = pasted;
  return (
    <InlineAlert>
      {doubt !== null && (
        <Banner
          tone="warning"
          actions={
            <Button autoFocus onPress={onGoOn}>
              It is the new token
            </Button>
          }
        >
          {doubt}
        </Banner>
      )}
      {failure !== null && (
        <Banner tone="danger">
          <p>{failure.message}</p>
          {failure.hint !== "" && <p>{failure.hint}</p>}
        </Banner>
      )}
    </InlineAlert>
  );
}
