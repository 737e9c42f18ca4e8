/**
 * A menu whose code is a part of its own: see lib/part. Once it is there it stays mounted, so that it can fade when it
 * closes; before that it is open from the moment that it was asked for, as something modal is.
 */
import type { ComponentType, ReactNode } from "react";
import { usePart, type Part } from "../lib/part";
import { ModalPart } from "./ModalPart";

interface MenuPartProps<Props> {
  part: Part<Props>;
  isOpen: boolean;
  /** Puts it away before it is there. */
  onDismiss: () => void;
  children: (Component: ComponentType<Props>) => ReactNode;
}

export function MenuPart<Props>({ part, isOpen, onDismiss, children }: MenuPartProps<Props>) {
  const state = usePart(part, isOpen);
  if (state.kind === "ready") return children(state.Component);
  if (!isOpen) return null;
  return (
    <ModalPart part={part} onDismiss={onDismiss}>
      {children}
    </ModalPart>
  );
}
