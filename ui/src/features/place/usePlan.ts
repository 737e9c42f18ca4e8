/** A plan of files that get a token, and what of it is ticked. Draws nothing. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { Places, UiError } from "../../bindings";
import { uiErrorOf } from "../../host/host";

interface Plan {
  /** None while the files are looked at for the first time. */
  plan: Places | null;
  ticked: ReadonlySet<string>;
  tick: (id: string, isTicked: boolean) => void;
  setTicked: (ticked: ReadonlySet<string>) => void;
  isLooking: boolean;
  failure: UiError | null;
  /** Looks at the files anew; what is ticked stays ticked. */
  look: () => Promise<void>;
}

/** All that is nothing out of the ordinary. */
export function usualFiles(plan: Places): ReadonlySet<string> {
  return new Set(plan.files.filter((file) => !file.needsConsent).map(({ id }) => id));
}

/** `fetchPlan` looks at the files; a new one looks anew, and none looks at nothing. `first`: what is ticked then. */
export function usePlan(
  fetchPlan: (() => Promise<Places>) | null,
  first: (plan: Places) => ReadonlySet<string>,
): Plan {
  const [plan, setPlan] = useState<Places | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [isLooking, setLooking] = useState(true);
  const [failure, setFailure] = useState<UiError | null>(null);
  /** Changes when an answer is not wanted any more. */
  const turn = useRef(0);
  const wasThere = useRef(false);

  const request = useCallback(async () => {
    if (fetchPlan === null) return;
    turn.current += 1;
    const mine = turn.current;
    await fetchPlan().then(
      (answer) => {
        if (turn.current !== mine) return;
        const there = answer.files.map(({ id }) => id);
        const isFirst = !wasThere.current;
        wasThere.current = true;
        setPlan(answer);
        setTicked((before) => (isFirst ? first(answer) : new Set(there.filter((id) => before.has(id)))));
        setLooking(false);
      },
      (thrown: unknown) => {
        if (turn.current !== mine) return;
        setFailure(uiErrorOf(thrown));
        setLooking(false);
      },
    );
  }, [fetchPlan, first]);

  useEffect(() => {
    void request();
    return () => {
      turn.current += 1;
    };
  }, [request]);

  const look = async () => {
    setLooking(true);
    setFailure(null);
    await request();
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
    setTicked,
    isLooking,
    failure,
    look,
  };
}
