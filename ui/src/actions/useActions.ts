/** Listens for the table's window actions, and lets the views say what they do now. */
import { createContext, useCallback, useContext, useEffect, useRef } from "react";
import { listActions, windowActions, type Action, type WindowTargets } from "./actions";
import { isTyping, matches } from "./keys";

/** Says what an action does from now on; the answer takes it back. */
type Provide = (targets: WindowTargets) => () => void;

export const TargetsContext = createContext<Provide>(() => () => undefined);

type Pressed = Pick<
  KeyboardEvent,
  "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey" | "target" | "preventDefault"
>;

/** Runs the action that the key stands for. True when there is one, whether or not it applies now. */
export function dispatch<Targets>(
  table: Record<string, Action<Targets>>,
  targets: Targets,
  event: Pressed,
): boolean {
  const action = Object.values(table).find(({ keys }) => keys.some((each) => matches(each, event)));
  if (action === undefined) return false;
  const isPlain = !event.ctrlKey && !event.metaKey;
  if (isPlain && isTyping(event.target) && action.whileTyping !== true) return false;
  event.preventDefault();
  if (action.when(targets)) action.run(targets);
  return true;
}

function isOfList(event: KeyboardEvent): boolean {
  return Object.values<Action<never>>(listActions).some(({ keys }) =>
    keys.some((each) => matches(each, event)),
  );
}

/** At the root: the one listener. While a sheet is open its keys are swallowed, so that F5 reloads nothing. */
export function useWindowActions(): Provide {
  const targets = useRef<WindowTargets>({});
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const isModal = document.querySelector("[data-modal]") !== null;
      const isKnown = dispatch<WindowTargets>(windowActions, isModal ? {} : targets.current, event);
      // A chord of the list does nothing elsewhere, and never what a browser takes it for: reloading the page.
      if (!isKnown && (event.ctrlKey || event.metaKey) && isOfList(event)) event.preventDefault();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
  return useCallback((provided) => {
    Object.assign(targets.current, provided);
    return () => {
      for (const name of Object.keys(provided) as (keyof WindowTargets)[]) {
        if (targets.current[name] === provided[name]) targets.current[name] = undefined;
      }
    };
  }, []);
}

/** In a view: what one action does for as long as the view is on screen. */
export function useTarget<Name extends keyof WindowTargets>(name: Name, run: WindowTargets[Name]): void {
  const provide = useContext(TargetsContext);
  useEffect(() => provide({ [name]: run }), [provide, name, run]);
}
