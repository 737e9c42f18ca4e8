/** A mark in the page's own timeline, for whoever measures from outside when something could be seen first. */

const marked = new Set<string>();

/** Once in the life of the page: what is on screen now has been painted when the mark is set. */
export function markPainted(what: string): void {
  if (marked.has(what)) return;
  marked.add(what);
  requestAnimationFrame(() => {
    // A message posted in a frame arrives after the frame was handed over for painting.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      performance.mark(what);
    };
    port2.postMessage(null);
  });
}
