/** What a person does about findings: opened, shown, copied, looked up in a history. Findings are named, never paths. */
import { useEffect, useRef, useState } from "react";
import type { AccountId, Finding, FindingDeed, GitWhereabouts, KeyRow, UiError } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";

/** How long it stands there that something was done, in milliseconds. */
const SAID = 4000;

interface Done {
  finding: Finding["id"];
  deed: FindingDeed;
}

export interface FindingDeeds {
  /** What was done last, for a moment. */
  done: Done | null;
  /** What did not work, until something else is tried. */
  failure: UiError | null;
  run: (finding: Finding["id"], deed: FindingDeed) => void;
  /** Of findings in a history, as far as they were asked for; none while that is worked out. */
  whereabouts: ReadonlyMap<Finding["id"], GitWhereabouts | null>;
  locate: (finding: Finding["id"]) => void;
}

export function useFindingDeeds(account: AccountId, key: KeyRow["id"]): FindingDeeds {
  const host = useHost();
  const [done, setDone] = useState<Done | null>(null);
  const [failure, setFailure] = useState<UiError | null>(null);
  const [whereabouts, setWhereabouts] = useState<FindingDeeds["whereabouts"]>(new Map());
  const until = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(until.current), []);

  const run = async (finding: Finding["id"], deed: FindingDeed) => {
    setFailure(null);
    try {
      await host.call("open_finding", { account, key, finding, deed });
      setDone({ finding, deed });
      clearTimeout(until.current);
      until.current = setTimeout(() => setDone(null), SAID);
    } catch (thrown) {
      setFailure(uiErrorOf(thrown));
    }
  };

  const locate = async (finding: Finding["id"]) => {
    if (whereabouts.has(finding)) return;
    setFailure(null);
    setWhereabouts((now) => new Map(now).set(finding, null));
    try {
      const found = await host.call("locate_finding", { account, key, finding });
      setWhereabouts((now) => new Map(now).set(finding, found));
    } catch (thrown) {
      setFailure(uiErrorOf(thrown));
      setWhereabouts((now) => {
        const rest = new Map(now);
        rest.delete(finding);
        return rest;
      });
    }
  };

  return {
    done,
    failure,
    run: (finding, deed) => void run(finding, deed),
    whereabouts,
    locate: (finding) => void locate(finding),
  };
}
