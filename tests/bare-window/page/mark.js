// As `ui/src/lib/painted.ts` does it in the app.
requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    performance.mark("list");
  };
  port2.postMessage(null);
});
