/** Asks for the app's state anew, where something outside it has changed what an account can do. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { appStateKey } from "./queryKeys";

export function useReloadState(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(() => client.refetchQueries({ queryKey: appStateKey }), [client]);
}
