/** The last rows of the journal about one key. */
import { useQuery } from "@tanstack/react-query";
import { uiErrorOf, useHost } from "../../host/host";
import { journalKey } from "../../state/queryKeys";

export function useRecentActivity(account: string, key: string, limit: number) {
  const host = useHost();
  const { data, error } = useQuery({
    queryKey: [...journalKey, "of", account, key, limit],
    queryFn: () =>
      host.call("journal_page", { before: null, limit, action: null, text: "", ofKey: { account, key } }),
    structuralSharing: false,
  });
  return { rows: data?.rows, error: error === null ? null : uiErrorOf(error) };
}
