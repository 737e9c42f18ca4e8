/** The checklist of a key, as the user ticks it: shown at once, kept by the app, taken back where that failed. */
import { useEffect, useState } from "react";
import type { AccountId, Checklist, ChecklistItem, KeyRow, UiError, UnseenPlace } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";

interface TickedChecklist {
  /** None until it is read. */
  items: readonly ChecklistItem[] | null;
  /** Why it could not be read, or a tick not be kept. */
  failure: UiError | null;
  tick: (place: UnseenPlace, ticked: boolean) => void;
}

export function useChecklist(account: AccountId, key: KeyRow["id"]): TickedChecklist {
  const host = useHost();
  const [kept, setKept] = useState<Checklist | null>(null);
  /** Ticks that are on their way. */
  const [sent, setSent] = useState<ReadonlyMap<UnseenPlace, string | null>>(new Map());
  const [failure, setFailure] = useState<UiError | null>(null);

  useEffect(() => {
    let isCurrent = true;
    host.call("checklist", { account, key }).then(
      (answer) => {
        if (isCurrent) setKept(answer);
      },
      (thrown: unknown) => {
        if (isCurrent) setFailure(uiErrorOf(thrown));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [host, account, key]);

  const tick = async (place: UnseenPlace, ticked: boolean) => {
    setFailure(null);
    const at = ticked ? new Date().toISOString() : null;
    setSent((now) => new Map(now).set(place, at));
    try {
      setKept(await host.call("tick_checklist", { account, key, place, ticked }));
    } catch (thrown) {
      setFailure(uiErrorOf(thrown));
    }
    // One that was ticked again in the meantime is on its way still.
    setSent((now) => {
      if (now.get(place) !== at) return now;
      const rest = new Map(now);
      rest.delete(place);
      return rest;
    });
  };

  const items = kept?.items.map((item) => {
    const at = sent.get(item.place);
    return at === undefined ? item : { ...item, tickedAt: at };
  });
  return { items: items ?? null, failure, tick: (place, ticked) => void tick(place, ticked) };
}
