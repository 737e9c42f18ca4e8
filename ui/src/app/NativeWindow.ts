/**
 * What the window does beside showing the page: its menu, its title, what comes to it from outside, quitting. It draws
 * nothing, so that no change of an action draws the screen anew.
 */
import { useEffect, useRef } from "react";
import { isActionId } from "../actions/table";
import { useAction, useActionStates, useRegistry } from "../actions/useActions";
import type { AccountId } from "../bindings";
import { useHost } from "../host/host";
import type { DeletionStep } from "../state/deletionSteps";
import { menuModel } from "./menuModel";

interface Outside {
  /** Opens the card of a key, by its record id. */
  onLink: (key: string) => void;
  /** A file of this name was dropped on the window. */
  onDrop: (name: string) => void;
  /** The request of a creation or rotation has left this machine. */
  onRequestSent: () => void;
  /** A deletion has come so far. */
  onDeletion: (account: AccountId, key: string, step: DeletionStep) => void;
  /** The clipboard could not be cleared and may hold a token still. */
  onClipboardNotCleared: (message: string) => void;
  /** It was found out how interrupted requests ended. */
  onOutcomesChanged: () => void;
  /** A key that is to go was used, or has been quiet for long enough. */
  onSwapsChanged: () => void;
  /** This machine is searched again, or was: there may be notices. */
  onWatchChanged: () => void;
}

/** With the next frame, unless the answer is called first. To a window that is hidden no frame comes. */
function soon(act: () => void): () => void {
  if (document.visibilityState === "hidden") {
    const timer = setTimeout(act);
    return () => clearTimeout(timer);
  }
  const frame = requestAnimationFrame(act);
  return () => cancelAnimationFrame(frame);
}

interface NativeWindowProps extends Outside {
  /** The account in use. */
  title: string | null;
}

/** At the root. */
export function NativeWindow({ title, ...outside }: NativeWindowProps): null {
  const host = useHost();
  const registry = useRegistry();
  const latest = useRef(outside);
  useEffect(() => {
    latest.current = outside;
  });

  useEffect(() => {
    const attached = host.call("attach_window", null, (event) => {
      switch (event.kind) {
        case "link":
          latest.current.onLink(event.key);
          break;
        case "dropped":
          latest.current.onDrop(event.name);
          break;
        case "request_sent":
          latest.current.onRequestSent();
          break;
        case "deletion_confirmed":
          latest.current.onDeletion(event.account, event.key, "confirmed");
          break;
        case "deletion_accepted":
          latest.current.onDeletion(event.account, event.key, "accepted");
          break;
        case "clipboard_not_cleared":
          latest.current.onClipboardNotCleared(event.message);
          break;
        case "outcomes_changed":
          latest.current.onOutcomesChanged();
          break;
        case "swaps_changed":
          latest.current.onSwapsChanged();
          break;
        case "watch_changed":
          latest.current.onWatchChanged();
          break;
        case "action":
          if (isActionId(event.id)) registry.run(event.id);
      }
    });
    // Without it the page still works by its own buttons and keys; the app has logged why.
    attached.catch(() => undefined);
  }, [host, registry]);

  const states = useActionStates();
  useEffect(() => {
    // Several offers change together: one menu for all of them.
    return soon(() => {
      host.call("show_menu", menuModel(states)).catch(() => undefined);
    });
  }, [host, states]);

  useEffect(() => {
    host.call("name_window", { account: title }).catch(() => undefined);
  }, [host, title]);

  useAction("app.quit", () => void host.call("quit", null).catch(() => undefined));
  return null;
}
