/**
 * One tooltip for a whole region: whatever carries `data-tip` shows it under the pointer and, with the keyboard, while
 * it or the cell around it has the focus; below it or, with `data-tip-beside`, beside it. One listener serves any number
 * of rows.
 */
import { useEffect, useRef, useState, type ReactNode } from "react";
import { part, usePart } from "../lib/part";

const tipBubble = part(() => import("./TipBubble").then(({ TipBubble }) => TipBubble));

const DELAY = 450;

interface Open {
  anchor: HTMLElement;
  text: string;
}

function tipOf(element: HTMLElement): Open | null {
  const text = element.dataset.tip;
  if (text === undefined || text === "") return null;
  // A text that is all there needs no tip; one that is cut, by us or by its column, does.
  const isNeeded = element.dataset.tipWhen !== "cut" || element.scrollWidth > element.clientWidth;
  return isNeeded ? { anchor: element, text } : null;
}

function within(target: EventTarget): HTMLElement | null {
  if (!(target instanceof HTMLElement)) return null;
  const up = target.closest<HTMLElement>("[data-tip]");
  if (up !== null) return up;
  return target.matches("[role=gridcell], [role=rowheader]") ? target.querySelector("[data-tip]") : null;
}

export function Tips({ children, className }: { children: ReactNode; className?: string | undefined }) {
  const region = useRef<HTMLDivElement>(null);
  const anchor = useRef<HTMLElement>(null);
  const [open, setOpen] = useState<Open | null>(null);
  const bubble = usePart(tipBubble, open !== null);

  useEffect(() => {
    const root = region.current;
    if (root === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (found: Open | null) => {
      clearTimeout(timer);
      anchor.current = found?.anchor ?? null;
      setOpen(found);
    };
    const over = (event: PointerEvent) => {
      const element = event.target === null ? null : within(event.target);
      if (element === anchor.current && element !== null) return;
      const found = element === null ? null : tipOf(element);
      show(null);
      if (found !== null) timer = setTimeout(() => show(found), DELAY);
    };
    let isByKey = false;
    const focus = (event: FocusEvent) => {
      const element = event.target === null ? null : within(event.target);
      show(element === null || !isByKey ? null : tipOf(element));
    };
    const hide = () => show(null);
    const press = () => {
      isByKey = false;
      hide();
    };
    const key = (event: KeyboardEvent) => {
      isByKey = true;
      if (event.key === "Escape") hide();
    };
    root.addEventListener("pointerover", over);
    root.addEventListener("pointerleave", hide);
    root.addEventListener("pointerdown", press);
    root.addEventListener("focusin", focus);
    root.addEventListener("focusout", hide);
    window.addEventListener("keydown", key, true);
    root.addEventListener("scroll", hide, true);
    return () => {
      clearTimeout(timer);
      root.removeEventListener("pointerover", over);
      root.removeEventListener("pointerleave", hide);
      root.removeEventListener("pointerdown", press);
      root.removeEventListener("focusin", focus);
      root.removeEventListener("focusout", hide);
      window.removeEventListener("keydown", key, true);
      root.removeEventListener("scroll", hide, true);
    };
  }, []);

  return (
    <div ref={region} className={className}>
      {children}
      {open !== null && bubble.kind === "ready" && (
        <bubble.Component
          text={open.text}
          anchor={anchor}
          isBeside={open.anchor.hasAttribute("data-tip-beside")}
        />
      )}
    </div>
  );
}
