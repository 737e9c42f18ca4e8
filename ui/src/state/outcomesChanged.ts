/** What is asked for again when it was found out, with the window open, how an interrupted request ended. */
import type { QueryClient } from "@tanstack/react-query";
import { custodyKey, journalKey, listsKey } from "./queryKeys";
import { askForOutcomes } from "./useOutcomes";

export function outcomesChanged(client: QueryClient): void {
  askForOutcomes(client);
  for (const queryKey of [custodyKey, listsKey, journalKey]) void client.invalidateQueries({ queryKey });
}
