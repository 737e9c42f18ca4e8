/** What a user does about findings: opened, shown, copied, looked up in a history. Findings are named, never paths. */
import { useEffect, useRef, useState } from "react";
import type { AccountId, Finding, FindingAction, GitLocation, KeyRow, UiError } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";

/** How long it stands there that something was done, in milliseconds. */
const SAID = 4000;

interface Done {
  finding: Finding["id"];
  action: FindingAction;
}

export interface FindingActions {
  /** What was done last, for a moment. */
  done: Done | null;
  /** What did not work, until something else is tried. */
  failure: UiError | null;
  run: (finding: Finding["id"], action: FindingAction) => void;
  /** Of findings in a history, as far as they were asked for; none while that is worked out. */
  location: ReadonlyMap<Finding["id"], GitLocation | null>;
  locate: (finding: Finding["id"]) => void;
}

export function useFindingActions(account: AccountId, key: KeyRow["id"]): FindingActions {
  const host = useHost();
  const [done, setDone] = useState<Done | null>(null);
  const [failure, setFailure] = useState<UiError | null>(null);
  const [location, setLocation] = useState<FindingActions["location"]>(new Map());
  const until = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(until.current), []);

  const run = async (finding: Finding["id"], action: FindingAction) => {
    setFailure(null);
    try {
      await host.call("open_finding", { account, key, finding, action });
      setDone({ finding, action });
      clearTimeout(until.current);
      until.current = setTimeout(() => setDone(null), SAID);
    } catch (thrown) {
      setFailure(uiErrorOf(thrown));
    }
  };

  const locate = async (finding: Finding["id"]) => {
    if (location.has(finding)) return;
    setFailure(null);
    setLocation((now) => new Map(now).set(finding, null));
    try {
      const found = await host.call("locate_finding", { account, key, finding });
      setLocation((now) => new Map(now).set(finding, found));
    } catch (thrown) {
      setFailure(uiErrorOf(thrown));
      setLocation((now) => {
        const rest = new Map(now);
        rest.delete(finding);
        return rest;
      });
    }
  };

  return {
    done,
    failure,
    run: (finding, action) => void run(finding, action),
    location,
    locate: (finding) => void locate(finding),
  };
}
