/** The preferences as the app keeps them, and changing them: at once on screen, then in the file. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useLayoutEffect, useRef } from "react";
import { useRegistry } from "../../actions/useActions";
import type { AppState, Preferences } from "../../bindings";
import { useToast } from "../../components/Toasts";
import { uiErrorOf, useHost } from "../../host/host";
import { appStateKey } from "../accounts/useAppState";

export const PreferencesContext = createContext<Preferences | null>(null);

export function usePreferences(): Preferences {
  const preferences = useContext(PreferencesContext);
  if (preferences === null) throw new Error("PreferencesContext is missing");
  return preferences;
}

/**
 * Changes some of them. They are written one after the other, so that quick presses of one key all count; what could
 * not be written is told, and what is shown goes back to what is kept.
 */
export function useChangePreferences(): (change: (now: Preferences) => Partial<Preferences>) => void {
  const host = useHost();
  const client = useQueryClient();
  const toast = useToast();
  const writing = useRef<Promise<void>>(Promise.resolve());
  return useCallback(
    (change) => {
      const show = (by: (state: AppState) => AppState) =>
        client.setQueryData<AppState>(appStateKey, (state) => (state === undefined ? state : by(state)));
      show((state) => ({ ...state, preferences: { ...state.preferences, ...change(state.preferences) } }));
      const wanted = client.getQueryData<AppState>(appStateKey)?.preferences;
      if (wanted === undefined) return;
      writing.current = writing.current.then(async () => {
        try {
          await host.call("preferences_write", wanted);
        } catch (thrown) {
          const { message, hint } = uiErrorOf(thrown);
          toast({ message, detail: hint });
          await client.invalidateQueries({ queryKey: appStateKey });
        }
      });
    },
    [host, client, toast],
  );
}

/** At the root: the page looks as they say, and keys mean what they say. */
export function usePreferencesOnPage({ theme, contrast, motion, density, shortcuts }: Preferences): void {
  const registry = useRegistry();
  useLayoutEffect(() => {
    Object.assign(document.documentElement.dataset, { theme, contrast, motion, density });
  }, [theme, contrast, motion, density]);
  useEffect(() => registry.setShortcuts(shortcuts), [registry, shortcuts]);
}
