/**
 * Changes of preferences on their way: shown at once, written one after the other, whoever made them. Each is made on
 * top of what core last said it keeps, so that one that is refused takes none of the others with it.
 *
 * Left out: telling why a change was refused, which is for the caller.
 */
import type { AppState, Preferences } from "../bindings";

/** Made on top of what is there; it may be asked more than once, so it only computes. */
export type Change = (now: Preferences) => Partial<Preferences>;

interface Waiting {
  change: Change;
  send: (wanted: Preferences) => Promise<AppState>;
  settle: (outcome: Promise<void>) => void;
}

interface Kept {
  get: () => Preferences | undefined;
  show: (preferences: Preferences) => void;
}

export class PreferenceWrites {
  readonly #waiting: Waiting[] = [];
  readonly #kept: Kept;

  constructor(kept: Kept) {
    this.#kept = kept;
  }

  /** Shows the change and writes it in its turn; fails when it was refused, and then it is no longer shown. */
  add(change: Change, send: Waiting["send"]): Promise<void> {
    const now = this.#kept.get();
    if (now === undefined) return Promise.resolve();
    return new Promise((settle) => {
      this.#waiting.push({ change, send, settle });
      if (this.#waiting.length === 1) void this.#writeAll(now);
      else this.#kept.show({ ...now, ...change(now) });
    });
  }

  async #writeAll(before: Preferences): Promise<void> {
    let kept = before;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      this.#show(kept);
      let outcome = Promise.resolve();
      try {
        ({ preferences: kept } = await first.send({ ...kept, ...first.change(kept) }));
      } catch (thrown) {
        outcome = Promise.reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
      }
      this.#waiting.shift();
      first.settle(outcome);
    }
    this.#show(kept);
  }

  /** What is kept, with what still waits on top. */
  #show(kept: Preferences): void {
    this.#kept.show(this.#waiting.reduce((now, { change }) => ({ ...now, ...change(now) }), kept));
  }
}
