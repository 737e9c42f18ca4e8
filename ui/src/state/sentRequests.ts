/**
 * Which of the creations and rotations that run have sent their request. The app says only that one of them has; where
 * several have not yet, nobody is told before all of them have.
 */
import { createContext } from "react";

export class SentRequests {
  readonly #unsent = new Map<object, () => void>();
  /** How many of them have sent theirs, without its being known which. */
  #sent = 0;

  readonly arrive = () => {
    this.#sent += 1;
    if (this.#sent < this.#unsent.size) return;
    const told = [...this.#unsent.values()];
    this.#unsent.clear();
    this.#sent = 0;
    for (const tell of told) tell();
  };

  /** One begins; `tell` is called when its request has surely left. It has ended when the answer is called. */
  begin(tell: () => void): () => void {
    const own = {};
    this.#unsent.set(own, tell);
    return () => {
      // Whether it was the one that had sent is not known: the others count as unsent.
      if (this.#unsent.delete(own)) this.#sent = Math.max(0, this.#sent - 1);
    };
  }
}

export const SentRequestsContext = createContext(new SentRequests());
