/** A sheet whose code is a part of its own: what a feature draws for the sheet that it registers. */
import type { ComponentType, ReactNode } from "react";
import { ModalPart } from "../components/ModalPart";
import type { Part } from "../lib/part";
import { useSheetControls } from "./registry";

interface SheetPartProps<Props> {
  part: Part<Props>;
  /** It is put away before it was there. */
  onDismiss?: () => void;
  children: (Component: ComponentType<Props>) => ReactNode;
}

export function SheetPart<Props>({ part, onDismiss, children }: SheetPartProps<Props>) {
  const { close } = useSheetControls();
  return (
    <ModalPart
      part={part}
      onDismiss={() => {
        onDismiss?.();
        close();
      }}
    >
      {children}
    </ModalPart>
  );
}
