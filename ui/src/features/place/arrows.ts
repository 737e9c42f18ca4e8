/** Up and Down go from box to box of a list; Tab goes there too. */
import type { KeyboardEvent } from "react";

export function moveByArrows(event: KeyboardEvent<HTMLElement>): void {
  const boxes = Array.from(event.currentTarget.querySelectorAll("input"));
  const place = boxes.findIndex((box) => box === document.activeElement);
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (place === -1 || step === 0) return;
  event.preventDefault();
  boxes[Math.min(Math.max(place + step, 0), boxes.length - 1)]?.focus();
}
