/**
 * Where the palette is typed into. A whole token is stopped before it gets in, whichever way it comes: it reaches
 * neither the page nor what can be undone; its last 8 characters take its place.
 */
import { useEffect, useRef, useState, type DragEvent, type InputHTMLAttributes } from "react";
import { tailOf } from "./token";

interface PaletteInputProps extends Omit<
  InputHTMLAttributes<HTMLInputElement>,
  "value" | "onChange" | "type" | "children"
> {
  value: string;
  onType: (text: string) => void;
  /** Somebody put a token in. */
  onToken: (tail: string) => void;
}

export function PaletteInput({ value, onType, onToken, ...input }: PaletteInputProps) {
  const field = useRef<HTMLInputElement>(null);
  /** A new field has nothing to undo. */
  const [generation, setGeneration] = useState(0);
  const takeToken = useRef(onToken);
  useEffect(() => {
    takeToken.current = onToken;
  });

  useEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.focus();
    element.setSelectionRange(element.value.length, element.value.length);
    // React has no event of this name that can be trusted to be the browser's own.
    const before = (event: InputEvent) => {
      const { selectionStart, selectionEnd, value: now } = element;
      const after = now.slice(0, selectionStart ?? 0) + (event.data ?? "") + now.slice(selectionEnd ?? 0);
      const tail = event.data === null ? null : tailOf(after);
      if (tail === null) return;
      event.preventDefault();
      setGeneration((count) => count + 1);
      takeToken.current(tail);
    };
    element.addEventListener("beforeinput", before);
    return () => element.removeEventListener("beforeinput", before);
  }, [generation]);

  const take = (event: { preventDefault: () => void }, text: string): boolean => {
    const tail = tailOf(text);
    if (tail === null) return false;
    event.preventDefault();
    setGeneration((count) => count + 1);
    onToken(tail);
    return true;
  };
  const onDrop = (event: DragEvent) => void take(event, event.dataTransfer.getData("text"));

  return (
    <input
      {...input}
      key={generation}
      ref={field}
      type="text"
      value={value}
      autoComplete="off"
      autoCorrect="off"
      autoCapitalize="off"
      spellCheck={false}
      onPaste={(event) => void take(event, event.clipboardData.getData("text"))}
      onDrop={onDrop}
      onChange={(event) => {
        // Only where nothing above was asked before.
        if (!take(event, event.target.value)) onType(event.target.value);
      }}
    />
  );
}
