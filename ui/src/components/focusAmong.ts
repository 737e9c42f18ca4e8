/** Arrows among the buttons of one row. */
import type { KeyboardEvent } from "react";

/** Puts the focus on the first of these that takes it: what is not shown does not. */
function focusFirst(elements: readonly HTMLElement[]): void {
  for (const each of elements) {
    each.focus();
    if (document.activeElement === each) return;
  }
}

/** Moves the focus to the button beside the one with the focus; whether the key was one for that. */
export function focusBeside({ key, target, currentTarget }: KeyboardEvent<HTMLElement>): boolean {
  if (key !== "ArrowRight" && key !== "ArrowLeft") return false;
  const buttons = Array.from(currentTarget.querySelectorAll("button"));
  const place = buttons.findIndex((button) => button === target);
  focusFirst(
    key === "ArrowRight" ? buttons.slice(place + 1) : buttons.slice(0, Math.max(0, place)).reverse(),
  );
  return true;
}

/** Where all buttons are one tab stop, Tab goes on from the last of them, and back from the first. */
export function leaveByTab({ key, shiftKey, currentTarget }: KeyboardEvent<HTMLElement>): void {
  if (key !== "Tab") return;
  const buttons = Array.from(currentTarget.querySelectorAll("button"));
  focusFirst(shiftKey ? buttons : buttons.reverse());
}
