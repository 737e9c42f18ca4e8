/** Says on every screen that tokens wait, and leads to the newest. It says nothing new under an open sheet. */
import { useState } from "react";
import type { TokenInCustody } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { countOf } from "../../lib/text";
import { useSheets } from "../../navigation/sheets";
import { useKeychainWait } from "../../state/keychainWait";
import { useCustody, waitingIn } from "../../state/useCustody";
import styles from "./WaitingTokens.module.css";

export function WaitingTokens() {
  const { tokens, error, isAsking, ask } = useCustody();
  const { current, open } = useSheets();
  const { reason } = useKeychainWait();
  const waiting = waitingIn(tokens);
  // What comes and goes above the list would move it: with a sheet open, it waits until that is closed.
  const [shown, setShown] = useState<readonly TokenInCustody[]>(waiting);
  const isFree = current === null;
  if (isFree && !isSame(shown, waiting)) setShown(waiting);
  const [newest] = shown;
  return (
    <div role="status" className={styles.waiting}>
      {tokens === undefined && error !== null && (
        <Banner
          tone="warning"
          actions={
            <Button isPending={isAsking} onPress={ask}>
              Retry
            </Button>
          }
        >
          Whether tokens wait for you can’t be seen now. {error.message} {error.hint}
        </Banner>
      )}
      {newest !== undefined && (
        <Banner
          tone={shown.some(({ place }) => place === "memory") ? "warning" : "calm"}
          actions={
            <Button isDisabled={reason !== null} onPress={() => open({ kind: "reveal", token: newest.id })}>
              Open
            </Button>
          }
        >
          {countOf(shown.length, "token")} {shown.length === 1 ? "is" : "are"} waiting for you.
          {newest.place === "memory" && " It exists only in this window: store it before you close it."}
        </Banner>
      )}
    </div>
  );
}

function isSame(some: readonly TokenInCustody[], others: readonly TokenInCustody[]): boolean {
  return some.length === others.length && some.every((each, place) => each === others[place]);
}
