/** The secrets of pipelines that can have a token: where they are, what their services say, what is ticked. Draws nothing. */
import { useEffect, useRef, useState } from "react";
import type { CiRepositories, CiSecrets, CiSecretsSet, CustodyId, UiError } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";

interface CiSecretsState {
  /** None until this machine was looked at. */
  repositories: CiRepositories | null;
  /** None until the user wanted it. */
  listed: CiSecrets | null;
  ticked: ReadonlySet<string>;
  tick: (id: string, isTicked: boolean) => void;
  list: () => void;
  set: () => void;
  doing: "list" | "set" | null;
  failure: UiError | null;
  ended: CiSecretsSet | null;
}

const nothing: ReadonlySet<string> = new Set();

export function useCiSecrets(token: CustodyId): CiSecretsState {
  const host = useHost();
  const [repositories, setRepositories] = useState<CiRepositories | null>(null);
  const [listed, setListed] = useState<CiSecrets | null>(null);
  const [ticked, setTicked] = useState(nothing);
  const [doing, setDoing] = useState<CiSecretsState["doing"]>(null);
  const [failure, setFailure] = useState<UiError | null>(null);
  const [ended, setEnded] = useState<CiSecretsSet | null>(null);
  const isDrawn = useRef(true);

  useEffect(() => {
    isDrawn.current = true;
    host.call("ci_repositories", { token }).then(
      (answer) => {
        if (isDrawn.current) setRepositories(answer);
      },
      // Beside a token this is an extra: what stands in its way is told where the token is.
      () => undefined,
    );
    return () => {
      isDrawn.current = false;
    };
  }, [host, token]);

  const list = async () => {
    const answer = await host.call("ci_secrets", { token });
    const there = new Set(answer.repositories.flatMap(({ secrets }) => secrets.map(({ id }) => id)));
    setListed(answer);
    // Nothing is ticked by itself; what the user ticked stays so.
    setTicked((before) => new Set([...before].filter((id) => there.has(id))));
  };
  const during = async (what: "list" | "set", work: () => Promise<void>) => {
    setDoing(what);
    setFailure(null);
    try {
      await work();
    } catch (thrown) {
      setFailure(uiErrorOf(thrown));
    }
    setDoing(null);
  };

  return {
    repositories,
    listed,
    ticked,
    tick: (id, isTicked) =>
      setTicked((now) => {
        const next = new Set(now);
        if (isTicked) next.add(id);
        else next.delete(id);
        return next;
      }),
    list: () =>
      void during("list", async () => {
        await list();
        setEnded(null);
      }),
    set: () =>
      void during("set", async () => {
        const outcome = await host.call("set_ci_secrets", { token, secrets: [...ticked] });
        if (outcome.kind === "ended") {
          setEnded(outcome);
          setTicked(nothing);
        }
        // The list was used up by the question; another one takes its place.
        else await list();
      }),
    doing,
    failure,
    ended,
  };
}
