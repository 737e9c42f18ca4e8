/** What is known about newer versions. The app is asked once, at the start; whether it asks anybody is for it to say. */
import { useQuery } from "@tanstack/react-query";
import type { UpdatesView } from "../../bindings";
import { useHost } from "../../host/host";

export function useUpdates(): UpdatesView | undefined {
  const host = useHost();
  const { data } = useQuery({
    queryKey: ["updates_look"],
    queryFn: () => host.call("updates_look", null),
    staleTime: Infinity,
    gcTime: Infinity,
    retry: false,
  });
  return data;
}
