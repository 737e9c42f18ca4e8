/**
 * Parts of the page that the first paint does without: each is a chunk of its own, loaded when it is first wanted or,
 * before that, when the page has nothing else to do. React's own `lazy` would do for the loading, but not for the rest:
 * it remembers a failure for good, it waits once more for what is loaded already, and its Suspense may keep back what
 * has arrived for up to 300 ms.
 */
import { useEffect, useSyncExternalStore, type ComponentType } from "react";

type PartState<Props> =
  { kind: "loading" } | { kind: "failed" } | { kind: "ready"; Component: ComponentType<Props> };

const loading = { kind: "loading" } as const;

export class Part<Props> {
  readonly #load: () => Promise<ComponentType<Props>>;
  readonly #listeners = new Set<() => void>();
  #state: PartState<Props> | null = null;
  #loading: Promise<void> | null = null;

  constructor(load: () => Promise<ComponentType<Props>>) {
    this.#load = load;
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      // The next time it is opened it shows no failure, but that it is being loaded.
      if (this.#listeners.size === 0 && this.#state?.kind === "failed") this.#state = null;
    };
  };

  /** None before anybody wanted it. */
  readonly state = () => this.#state;

  readonly isReady = () => this.#state?.kind === "ready";

  /** Loads it unless it is there or on its way; after a failure, again. It never throws: its state tells. */
  readonly load = (): Promise<void> => (this.#loading ??= this.#fetch());

  async #fetch() {
    this.#become(loading);
    try {
      this.#become({ kind: "ready", Component: await this.#load() });
    } catch {
      this.#loading = null;
      this.#become({ kind: "failed" });
    }
  }

  #become(state: PartState<Props>) {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

const parts = new Set<{ isReady: () => boolean; load: () => Promise<void> }>();

/** Declares a part. Its file must not be imported in any other way, or it ends up in the first chunk. */
export function part<Props>(load: () => Promise<ComponentType<Props>>): Part<Props> {
  const declared = new Part(load);
  parts.add(declared);
  return declared;
}

/** One part as it is now; being on screen asks for it, where it `isWanted`. */
export function usePart<Props>(of: Part<Props>, isWanted = true): PartState<Props> {
  useEffect(() => {
    if (isWanted) void of.load();
  }, [of, isWanted]);
  return useSyncExternalStore(of.subscribe, of.state) ?? loading;
}

/**
 * Loads all of them, one after the other, each after a `pause`, so that whatever the user does in between comes first.
 * One that fails is tried again when it is wanted.
 */
export async function loadParts(pause: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  for (const each of parts) {
    if (each.isReady()) continue;
    await pause();
    await each.load();
  }
}
