/** The plan of putting a token in place, what of it is ticked, and how it ended. Draws nothing. */
import { useCallback, useState } from "react";
import type { CustodyId, Places, PutOutcome, UiError } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";
import { usePlan, usualFiles } from "../place";

type Ended = Extract<PutOutcome, { kind: "ended" }>;

interface Placing {
  /** None while the files are looked at. */
  plan: Places | null;
  ticked: ReadonlySet<string>;
  tick: (id: string, isTicked: boolean) => void;
  /** Looks at the files anew. */
  look: () => void;
  put: () => void;
  doing: "look" | "put" | null;
  failure: UiError | null;
  ended: Ended | null;
}

export function usePlaces(token: CustodyId): Placing {
  const host = useHost();
  const fetchPlan = useCallback(() => host.call("places", { token }), [host, token]);
  const { plan, ticked, tick, isLooking, failure: notLooked, look } = usePlan(fetchPlan, usualFiles);
  const [isPutting, setPutting] = useState(false);
  const [failure, setFailure] = useState<UiError | null>(null);
  const [ended, setEnded] = useState<Ended | null>(null);

  const put = async () => {
    setPutting(true);
    setFailure(null);
    try {
      const outcome = await host.call("put_in_place", { token, files: [...ticked] });
      if (outcome.kind === "ended") setEnded(outcome);
      // The plan was used up by the question; another one takes its place.
      else await look();
    } catch (thrown) {
      setFailure(uiErrorOf(thrown));
    }
    setPutting(false);
  };

  return {
    plan,
    ticked,
    tick,
    look: () => {
      setFailure(null);
      void look();
    },
    put: () => void put(),
    doing: isPutting ? "put" : isLooking ? "look" : null,
    failure: failure ?? notLooked,
    ended,
  };
}
