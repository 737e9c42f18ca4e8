/** Search folders as the app finds them. */
import type { FolderState, SearchFolders, SearchFoldersChecked } from "../bindings";

/** Everything is there, but for what `states` says otherwise of a whole path. */
export function checkedFolders(
  { roots, extra, excluded }: SearchFolders,
  states: Partial<Record<string, FolderState>> = {},
): SearchFoldersChecked {
  const look = (paths: readonly string[]) =>
    paths.map((written) => {
      const path = written.replace(/^~/, "/home/olga");
      return { written, path, state: states[path] ?? "there" };
    });
  return {
    roots: look(roots),
    extra: look(extra),
    excluded: look(excluded),
    own: ["/home/olga/.config/pulse-keys", "/home/olga/.local/share/pulse-keys"],
  };
}
