/** The plan of putting a token in place, what of it is ticked, and how it ended. Draws nothing. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { CustodyId, Places, PutOutcome, UiError } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";

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

/** All that is nothing out of the ordinary. */
function usual(plan: Places): ReadonlySet<string> {
  return new Set(plan.files.filter((file) => !file.needsConsent).map(({ id }) => id));
}

export function usePlaces(token: CustodyId): Placing {
  const host = useHost();
  const [plan, setPlan] = useState<Places | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [doing, setDoing] = useState<Placing["doing"]>("look");
  const [failure, setFailure] = useState<UiError | null>(null);
  const [ended, setEnded] = useState<Ended | null>(null);
  /** Changes when an answer is not wanted any more. */
  const turn = useRef(0);

  /** `keep`: what stays ticked; all that is usual otherwise. */
  const fetchPlan = useCallback(
    (keep: ReadonlySet<string> | null) => {
      turn.current += 1;
      const mine = turn.current;
      return host.call("places", { token }).then(
        (answer) => {
          if (turn.current !== mine) return;
          const kept = answer.files.map(({ id }) => id).filter((id) => keep?.has(id));
          setPlan(answer);
          setTicked(keep === null ? usual(answer) : new Set(kept));
          setDoing(null);
        },
        (thrown: unknown) => {
          if (turn.current !== mine) return;
          setFailure(uiErrorOf(thrown));
          setDoing(null);
        },
      );
    },
    [host, token],
  );

  useEffect(() => {
    void fetchPlan(null);
    return () => {
      turn.current += 1;
    };
  }, [fetchPlan]);

  const look = () => {
    setDoing("look");
    setFailure(null);
    void fetchPlan(ticked);
  };

  const put = async () => {
    setDoing("put");
    setFailure(null);
    try {
      const outcome = await host.call("put_in_place", { token, files: [...ticked] });
      if (outcome.kind === "ended") {
        setEnded(outcome);
        setDoing(null);
      } else {
        // The plan was used up by the question; another one takes its place.
        await fetchPlan(ticked);
      }
    } catch (thrown) {
      setFailure(uiErrorOf(thrown));
      setDoing(null);
    }
  };

  return {
    plan,
    ticked,
    tick: (id, isTicked) =>
      setTicked((now) => {
        const next = new Set(now);
        if (isTicked) next.add(id);
        else next.delete(id);
        return next;
      }),
    look,
    put: () => void put(),
    doing,
    failure,
    ended,
  };
}
