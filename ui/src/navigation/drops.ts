/** Files that are dropped on the window. The page learns their names only; one that nobody looks into is forgotten. */
import { createContext, useContext, useEffect, useRef } from "react";

/** A file was dropped, called so. */
type TakeFile = (name: string) => void;

export class Drops {
  #take: TakeFile | null = null;

  readonly arrive = (name: string) => this.#take?.(name);

  /** Who takes them, until the answer is called. */
  handle(take: TakeFile): () => void {
    this.#take = take;
    return () => {
      this.#take = null;
    };
  }
}

export const DropsContext = createContext(new Drops());

export function useDrops(take: TakeFile): void {
  const drops = useContext(DropsContext);
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => drops.handle((name) => latest.current(name)), [drops]);
}
