/** What the window does beside showing the page: its menu, its title, links that it was opened with, quitting. */
import { useEffect, useRef } from "react";
import { isActionId } from "../../actions/table";
import { useAction, useActionStates, useRegistry } from "../../actions/useActions";
import { useHost } from "../../host/host";
import { menuModel } from "./menuModel";

/** At the root. `onLink` opens the card of a key, by its record id. */
export function useNativeWindow(title: string | null, onLink: (key: string) => void): void {
  const host = useHost();
  const registry = useRegistry();
  const link = useRef(onLink);
  useEffect(() => {
    link.current = onLink;
  });

  useEffect(() => {
    const attached = host.call("window_attach", null, (event) => {
      if (event.kind === "link") link.current(event.key);
      else if (event.kind === "action" && isActionId(event.id)) registry.run(event.id);
    });
    // Without it the page still works by its own buttons and keys; the app has logged why.
    attached.catch(() => undefined);
  }, [host, registry]);

  const states = useActionStates();
  useEffect(() => {
    // Several offers change together: one menu for all of them.
    const frame = requestAnimationFrame(() => {
      host.call("menu_show", menuModel(states)).catch(() => undefined);
    });
    return () => cancelAnimationFrame(frame);
  }, [host, states]);

  useEffect(() => {
    host.call("window_title", { account: title }).catch(() => undefined);
  }, [host, title]);

  useAction("app.quit", () => void host.call("app_quit", null).catch(() => undefined));
}
