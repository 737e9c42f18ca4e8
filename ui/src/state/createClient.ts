/** The query client: nothing is tried again behind anyone's back, the app's own client of the service does that. */
import { QueryClient } from "@tanstack/react-query";

export function createClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: false, networkMode: "always" },
      mutations: { networkMode: "always" },
    },
  });
}
