/** What the first screen stands without: it comes when the page has nothing else to do. See lib/part. */
import type { ComponentType, ReactNode } from "react";
import { usePart, type Part } from "../lib/part";

interface LaterPartProps<Props> {
  part: Part<Props>;
  children: (Component: ComponentType<Props>) => ReactNode;
}

export function LaterPart<Props>({ part, children }: LaterPartProps<Props>) {
  const state = usePart(part, false);
  return state.kind === "ready" && children(state.Component);
}
