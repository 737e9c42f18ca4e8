/** One of them: what the last try found, when the next one is, and what to do about it. */
import { useId, useState } from "react";
import type { Revocation } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { uiErrorOf, useHost } from "../../host/host";
import { useTime } from "../../lib/clock";
import { clockTime, countdown } from "../../lib/time";
import { useSheets } from "../../navigation/sheets";
import styles from "./Revocations.module.css";

type Action = "try_revocation" | "stop_revocation";

export function RevocationBanner({ revocation }: { revocation: Revocation }) {
  const { account, key, message, triedAt, accepted, nextAt, inBrowser, inMemory } = revocation;
  const { open } = useSheets();
  const host = useHost();
  const words = useId();
  const [pending, setPending] = useState<Action | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const ask = async (action: Action) => {
    setPending(action);
    setFailure(null);
    try {
      await host.call(action, { account, key });
    } catch (thrown) {
      const error = uiErrorOf(thrown);
      setFailure(`${error.message} ${error.hint}`.trim());
    } finally {
      setPending(null);
    }
  };

  return (
    <Banner
      tone="warning"
      actions={
        <>
          {inBrowser && (
            <Button aria-describedby={words} onPress={() => open({ kind: "delete", account, key })}>
              Go on…
            </Button>
          )}
          <Button
            aria-describedby={words}
            isDisabled={pending === "stop_revocation"}
            isPending={pending === "try_revocation"}
            onPress={() => void ask("try_revocation")}
          >
            Try now
          </Button>
          <Button
            aria-describedby={words}
            isDisabled={pending === "try_revocation"}
            isPending={pending === "stop_revocation"}
            onPress={() => void ask("stop_revocation")}
          >
            Stop trying
          </Button>
        </>
      }
    >
      <p id={words}>{message}</p>
      <p className={styles.tries}>
        {accepted ? "Still accepted" : "Tried"} at {clockTime(triedAt)}.{" "}
        {nextAt === null ? (
          !inBrowser && "Tried again at the next start."
        ) : (
          <>
            Trying again at {clockTime(nextAt)}
            <Countdown until={nextAt} />.
          </>
        )}
        {inMemory && " The token is held in memory: closing Pulse Keys ends this."}
      </p>
      {failure !== null && <p role="alert">{failure}</p>}
    </Banner>
  );
}

/** Shows that it goes on; not said, it would be said every second. */
function Countdown({ until }: { until: string }) {
  const left = useTime(until, countdown);
  if (left === 0) return null;
  return (
    <span className={styles.left} aria-hidden="true">
      {" "}
      (in {left} s)
    </span>
  );
}
