/**
 * The connection report: every call that changes nothing, tried once, and what came of it. The text is made, copied and
 * saved by the app itself; nothing private is in it.
 */
import { Check, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Heading } from "react-aria-components";
import type { CheckRequest, ConnectionReport, UiError } from "../../bindings";
import { Button } from "../../components/Button";
import { CentredDialog } from "../../components/CentredDialog";
import { Panel, PanelSkeleton } from "../../components/Panel";
import { useToast } from "../../components/Toasts";
import { uiErrorOf, useHost } from "../../host/host";
import { useDelayed } from "../../lib/useDelayed";
import styles from "./CheckConnection.module.css";

interface CheckConnectionProps {
  /** The account's name; none for what is typed in a form. */
  label: string | null;
  /** Read when it is sent, so that a typed credential is kept nowhere. */
  request: () => CheckRequest;
  onClose: () => void;
}

type Result =
  { kind: "asking" } | { kind: "told"; report: ConnectionReport } | { kind: "failed"; error: UiError };

export function CheckConnection({ label, request, onClose }: CheckConnectionProps) {
  const host = useHost();
  const toast = useToast();
  const asked = useRef(request);
  const [turn, setTurn] = useState(0);
  const [result, setResult] = useState<Result>({ kind: "asking" });
  const isAsking = result.kind === "asking";
  const isLate = useDelayed(isAsking);

  useEffect(() => {
    let isWanted = true;
    const become = (next: Result) => {
      if (isWanted) setResult(next);
    };
    void host.call("check_connection", asked.current()).then(
      (report) => become({ kind: "told", report }),
      (thrown: unknown) => become({ kind: "failed", error: uiErrorOf(thrown) }),
    );
    return () => {
      isWanted = false;
    };
  }, [host, turn]);

  const again = () => {
    setResult({ kind: "asking" });
    setTurn(turn + 1);
  };
  const run = async (command: () => Promise<void>) => {
    try {
      await command();
    } catch (thrown) {
      const { message, hint } = uiErrorOf(thrown);
      toast({ message, detail: hint });
    }
  };
  const copy = () =>
    void run(async () => {
      await host.call("copy_connection_report", null);
      toast({ message: "Report copied.", tone: "success" });
    });
  const save = () =>
    void run(async () => {
      const saved = await host.call("save_connection_report", null);
      if (saved.kind === "saved") toast({ message: "Report saved.", detail: saved.path, tone: "success" });
    });

  return (
    <CentredDialog size="wide" onDismiss={onClose}>
      <div className={styles.whole}>
        <header className={styles.header}>
          <Heading slot="title" className={styles.title ?? ""}>
            {label === null ? (
              "Connection"
            ) : (
              <>
                Connection of <bdi>{label}</bdi>
              </>
            )}
          </Heading>
          <Button look="quiet" isIcon aria-label="Close" onPress={onClose}>
            <X size="1rem" aria-hidden="true" />
          </Button>
        </header>
        <div className={styles.body} aria-busy={isAsking}>
          {result.kind === "asking" ? (
            <Panel tone="calm" isWaiting>
              <PanelSkeleton said="Asking the server…" isShown={isLate} />
            </Panel>
          ) : result.kind === "failed" ? (
            <Panel tone="warning" role="alert">
              <p>{result.error.message}</p>
              {result.error.hint !== "" && <p>{result.error.hint}</p>}
            </Panel>
          ) : (
            <Told report={result.report} />
          )}
        </div>
        <footer className={styles.footer}>
          <Button onPress={again} isDisabled={isAsking}>
            Check again
          </Button>
          <span className={styles.room} />
          <Button onPress={save} isDisabled={result.kind !== "told"}>
            Save report…
          </Button>
          <Button look="primary" onPress={copy} isDisabled={result.kind !== "told"}>
            Copy report
          </Button>
        </footer>
      </div>
    </CentredDialog>
  );
}

function Told({ report }: { report: ConnectionReport }) {
  return (
    <>
      {report.isWell ? (
        <p role="status" className={styles.well}>
          <Check size="1rem" aria-hidden="true" />
          {report.summary}
        </p>
      ) : (
        <Panel tone="warning" role="status">
          {report.summary}
        </Panel>
      )}
      <pre className={styles.text} tabIndex={0} role="region" aria-label="Report" data-selectable>
        {report.text}
      </pre>
    </>
  );
}
