/** React Aria's buttons keep aria-keyshortcuts to themselves: this draws one that has it, as their `render`. */
import type { ComponentProps } from "react";
import { ariaKeys } from "./keys";

export function drawButton(keys: readonly string[]) {
  return (props: ComponentProps<"button">) => <button {...props} aria-keyshortcuts={ariaKeys(keys)} />;
}
