/** How far the deletions that run have come, as the app tells it between the user's yes and the outcome. */
import { createContext } from "react";
import type { AccountId, KeyRow } from "../bindings";

/**
 * `confirmed`: the user has said yes. `accepted`: the service has, and whether the key is gone is found out next.
 */
export type DeletionStep = "confirmed" | "accepted";

const nameOf = (account: AccountId, key: KeyRow["id"]) => JSON.stringify([account, key]);

export class DeletionSteps {
  readonly #watching = new Map<string, (step: DeletionStep) => void>();

  readonly arrive = (account: AccountId, key: KeyRow["id"], step: DeletionStep) => {
    this.#watching.get(nameOf(account, key))?.(step);
  };

  /** One begins; it has ended when the answer is called. */
  watch(account: AccountId, key: KeyRow["id"], tell: (step: DeletionStep) => void): () => void {
    const name = nameOf(account, key);
    this.#watching.set(name, tell);
    return () => void this.#watching.delete(name);
  }
}

export const DeletionStepsContext = createContext(new DeletionSteps());
