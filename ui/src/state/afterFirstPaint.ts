/**
 * A host whose first calls wait until the list is on screen: what a call costs, here and in the shell, is taken from that
 * otherwise. For a page that has something to show before it asks.
 */
import { painted } from "../lib/painted";
import type { Host } from "../host/host";

/** How long the list may take to be painted before calls go out without it, in milliseconds. A hidden page paints nothing. */
const MAX_PAINT_WAIT = 250;

export function afterFirstPaint(host: Host, what = "list"): Host {
  let paint: Promise<void> | null = painted(what, MAX_PAINT_WAIT).then(() => {
    paint = null;
  });
  return {
    call: (...call) => (paint === null ? host.call(...call) : paint.then(() => host.call(...call))),
  };
}
