/** React Aria's components keep aria-keyshortcuts to themselves: these draw them with it, as their `render`. */
import type { ComponentProps } from "react";
import { ariaKeys } from "./keys";

export function drawButton(keys: readonly string[]) {
  return (props: ComponentProps<"button">) => <button {...props} aria-keyshortcuts={ariaKeys(keys)} />;
}

/** Of a tab or an item of a menu. Neither of ours is ever a link, which React Aria would draw as another element. */
export function drawItem(keys: readonly string[]) {
  return (props: object) => <div {...props} aria-keyshortcuts={ariaKeys(keys)} />;
}
