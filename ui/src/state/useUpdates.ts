/** What is known about newer versions. The app is asked once, at the start; whether it asks anybody is for it to say. */
import { useQuery } from "@tanstack/react-query";
import type { UpdatesView } from "../bindings";
import { useHost } from "../host/host";
import { updatesKey } from "./queryKeys";

export function useUpdates(): UpdatesView | undefined {
  const host = useHost();
  const { data } = useQuery({
    queryKey: updatesKey,
    queryFn: () => host.call("updates", null),
    staleTime: Infinity,
    gcTime: Infinity,
    retry: false,
  });
  return data;
}
