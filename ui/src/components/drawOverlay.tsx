/**
 * How sheets, dialogs, menus and tips are drawn, as their `render`: without the custom properties that React Aria gives
 * each.
 *
 * WebKit keeps the styles that it computed, and tells custom properties apart by where they are in memory. So it never
 * finds again what it kept for anything below an element with custom properties of its own: each sheet that was opened
 * left a third of a megabyte behind, until the window was closed.
 */
import type { ComponentProps, CSSProperties } from "react";

const TRIGGER_WIDTH = "--trigger-width";

type OverlayStyle = CSSProperties & { [TRIGGER_WIDTH]?: string | null };

export function drawOverlay({ style = {}, ...props }: ComponentProps<"div">) {
  const { [TRIGGER_WIDTH]: width, ...rest }: OverlayStyle = style;
  const kept = Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith("--")));
  // A list to choose from is at least as wide as what it belongs to.
  const isList = "data-trigger" in props && props["data-trigger"] === "Select";
  return <div {...props} style={isList && typeof width === "string" ? { ...kept, minWidth: width } : kept} />;
}
