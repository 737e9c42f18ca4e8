/** The registry of actions in React: listening for keys at the root, offering actions, reading their states. */
import {
  createContext,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { isChord } from "./keys";
import { Registry, type ActionState, type Offer } from "./registry";
import { actionOf, type ActionId } from "./table";

export const RegistryContext = createContext<Registry>(new Registry());

/** At the root: the one registry, and the one listener for keys. */
export function useRegistryRoot(): Registry {
  const [registry] = useState(() => new Registry());
  useEffect(() => {
    // Chords before any widget sees them, some of which keep every key to themselves; plain keys after all widgets.
    const before = (event: KeyboardEvent) => {
      registry.notice(event);
      if (isChord(event)) registry.press(event);
    };
    const after = (event: KeyboardEvent) => {
      if (!isChord(event)) registry.press(event);
    };
    window.addEventListener("keydown", before, { capture: true });
    window.addEventListener("keydown", after);
    return () => {
      window.removeEventListener("keydown", before, { capture: true });
      window.removeEventListener("keydown", after);
    };
  }, [registry]);
  return registry;
}

export function useRegistry(): Registry {
  return useContext(RegistryContext);
}

/** In a view: what an action does for as long as the view is on screen, and to what, or why it can't. */
export function useAction(id: ActionId, offer: Offer, subject: string | null = null): void {
  const registry = useRegistry();
  const [offered] = useState(() => ({ current: offer, subject }));
  const state = typeof offer === "string" ? offer : null;
  const before = useRef(state);
  useLayoutEffect(() => {
    Object.assign(offered, { current: offer, subject });
    if (before.current === state) return;
    before.current = state;
    registry.reconsider();
  });
  useEffect(() => registry.offer(id, offered), [registry, id, offered]);
}

/** Whether a sheet, the palette or the list of shortcuts is open. */
export function useIsModalOpen(): boolean {
  const registry = useRegistry();
  return useSyncExternalStore(registry.subscribe, registry.isModalOpen);
}

/** How an action is called, and the keys for it: for a button, a menu item, a tooltip. Whether it can be done is no part. */
export function useShortcut(id: ActionId): Pick<ActionState, "title" | "keys"> {
  const registry = useRegistry();
  const keys = useSyncExternalStore(registry.subscribe, () => registry.keysOf(id));
  return { title: actionOf(id).title, keys };
}

/** All of them, in the order of the table. */
export function useActionStates(): readonly ActionState[] {
  const registry = useRegistry();
  return useSyncExternalStore(registry.subscribe, registry.states);
}
