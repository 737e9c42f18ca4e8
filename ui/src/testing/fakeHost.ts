/** A host that answers as scripted and remembers what it was asked. For tests and for the preview page only. */
import type { Commands } from "../bindings";
import { HostError, type CommandName, type Host } from "../host/host";
import { journalVerified } from "./journalSamples";
import { checklist, keyUsage, nothingFound, usageSearched } from "./usageSamples";

type Answer<N extends CommandName> = (
  request: Commands[N]["request"],
  onProgress: (progress: Commands[N]["progress"]) => void,
) => Commands[N]["answer"] | Promise<Commands[N]["answer"]>;

export type Script = { [N in CommandName]?: Answer<N> };

/**
 * What most tests have nothing to say about: the window around the page, tokens of deleted keys, the publisher of the
 * app, and a search that finds nothing.
 */
const quiet: Script = {
  attach_window: () => null,
  name_window: () => null,
  show_menu: () => null,
  watch_revocations: () => null,
  usage_last: () => null,
  usage_search: ({ account, keys, tier }) =>
    usageSearched({ account, tier, keys: keys.map((key) => keyUsage({ key, ...nothingFound })) }),
  usage_cancel: () => null,
  verify_journal: () => journalVerified([]),
  key_notes: ({ account }) => ({ account, notes: [] }),
  checklist: () => checklist(),
  last_uses: () => ({ uses: [] }),
  updates: () => ({ kind: "off" }),
  swaps: () => ({ swaps: [] }),
  ci_repositories: () => ({ repositories: [], leftOut: null }),
  ci_repositories_before_rotation: () => ({ repositories: [], leftOut: null }),
  renderer: () => null,
};

export interface FakeHost extends Host {
  script: Script;
  calls: { name: CommandName; request: unknown }[];
  /** What was sent with each call of a command. */
  sent: <N extends CommandName>(name: N) => Commands[N]["request"][];
}

export function fakeHost(script: Script): FakeHost {
  const calls: FakeHost["calls"] = [];
  const host: FakeHost = {
    script: { ...quiet, ...script },
    calls,
    sent: <N extends CommandName>(name: N) =>
      calls.filter((call) => call.name === name).map(({ request }) => request as Commands[N]["request"]),
    async call(name, request, onProgress) {
      calls.push({ name, request });
      await Promise.resolve();
      const answer: Answer<typeof name> | undefined = host.script[name];
      if (answer === undefined) {
        throw new HostError({ code: "other", message: `${name} is not scripted`, hint: "" });
      }
      return answer(request, onProgress ?? (() => undefined));
    },
  };
  return host;
}

/** A promise and the handle to settle it: a call that hangs until the test says so. */
export function deferred<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((whenDone, whenFailed) => {
    resolve = whenDone;
    reject = whenFailed;
  });
  return { promise, resolve, reject };
}
