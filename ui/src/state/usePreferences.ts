/** The preferences as the app keeps them, and changing them: at once on screen, then in the file. */
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useLayoutEffect } from "react";
import { useRegistry } from "../actions/useActions";
import type { AppState, Preferences } from "../bindings";
import { useToast } from "../components/Toasts";
import { uiErrorOf, useHost } from "../host/host";
import { useMediaQuery } from "../lib/useMediaQuery";
import { PreferenceWrites, type Change } from "./preferenceWrites";
import { appStateKey } from "./queryKeys";

export const PreferencesContext = createContext<Preferences | null>(null);

export function usePreferences(): Preferences {
  const preferences = useContext(PreferencesContext);
  if (preferences === null) throw new Error("PreferencesContext is missing");
  return preferences;
}

/** One order of writing for the whole window, whichever view changes something. */
const writesOf = new WeakMap<QueryClient, PreferenceWrites>();

function useWrites(): PreferenceWrites {
  const client = useQueryClient();
  const before = writesOf.get(client);
  if (before !== undefined) return before;
  const writes = new PreferenceWrites({
    get: () => client.getQueryData<AppState>(appStateKey)?.preferences,
    show: (preferences) =>
      void client.setQueryData<AppState>(appStateKey, (state) => state && { ...state, preferences }),
  });
  writesOf.set(client, writes);
  return writes;
}

/**
 * Changes some of them. Quick changes all count; what could not be written is told, and what is shown goes back to
 * what is kept. Answers once the app has them, or has refused them.
 */
export function useWritePreferences(): (change: Change) => Promise<void> {
  const host = useHost();
  const toast = useToast();
  const writes = useWrites();
  return useCallback(
    (change) =>
      writes
        .add(change, (wanted) => host.call("write_preferences", wanted))
        .catch((thrown: unknown) => {
          const { message, hint } = uiErrorOf(thrown);
          toast({ message, detail: hint });
        }),
    [host, toast, writes],
  );
}

/** The same, for callers that need not know when. */
export function useChangePreferences(): (change: Change) => void {
  const write = useWritePreferences();
  return useCallback((change) => void write(change), [write]);
}

/** Puts all of them back to how they came, but for how the lists are sorted. Fails when that can't be written. */
export function useResetPreferences(): () => Promise<void> {
  const host = useHost();
  const writes = useWrites();
  return useCallback(
    () =>
      writes.add(
        () => ({}),
        () => host.call("reset_preferences", null),
      ),
    [host, writes],
  );
}

/** At the root: the page looks as they say, and keys mean what they say. */
export function usePreferencesOnPage(preferences: Preferences): void {
  const { theme, motion, density, shortcuts } = preferences;
  const registry = useRegistry();
  const isMoreAsked = useMediaQuery("(prefers-contrast: more)");
  const contrast =
    preferences.contrast === "system" ? (isMoreAsked ? "more" : "standard") : preferences.contrast;
  useLayoutEffect(() => {
    Object.assign(document.documentElement.dataset, { theme, contrast, motion, density });
  }, [theme, contrast, motion, density]);
  useEffect(() => registry.setShortcuts(shortcuts), [registry, shortcuts]);
}
