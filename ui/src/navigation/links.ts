/** Links that the app was opened with (pulsekeys://key/ID). One that comes before the list is there waits for it. */
import { createContext, useContext, useEffect, useRef } from "react";

/** Opens the card of a key, by its record id. */
type OpenKey = (key: string) => void;

export class Links {
  #waiting: string | null = null;
  #openKey: OpenKey | null = null;

  readonly follow = (key: string) => {
    if (this.#openKey === null) this.#waiting = key;
    else this.#openKey(key);
  };

  /** Who opens them, until the answer is called. */
  handle(openKey: OpenKey): () => void {
    this.#openKey = openKey;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) openKey(waiting);
    return () => {
      this.#openKey = null;
    };
  }
}

export const LinksContext = createContext(new Links());

export function useLinks(openKey: OpenKey): void {
  const links = useContext(LinksContext);
  const latest = useRef(openKey);
  useEffect(() => {
    latest.current = openKey;
  });
  useEffect(() => links.handle((key) => latest.current(key)), [links]);
}
