/** What stands now where the search folders should be. The app looks at its own copy of them: so after each change. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { SearchFolders, SearchFoldersChecked } from "../../bindings";
import { useHost } from "../../host/host";

const checkKey = ["search-folders"] as const;

export function useFolderCheck(folders: SearchFolders): SearchFoldersChecked | undefined {
  const host = useHost();
  const { data } = useQuery({
    queryKey: [...checkKey, folders],
    queryFn: () => host.call("search_folders", null),
    // What was said before holds for those that stay.
    placeholderData: (before) => before,
  });
  return data;
}

/** The app has other folders now. */
export function useCheckAgain(): () => void {
  const client = useQueryClient();
  return useCallback(() => void client.invalidateQueries({ queryKey: checkKey }), [client]);
}
