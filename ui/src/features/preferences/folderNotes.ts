/** What is worth knowing about a search folder, in sentences: what stands there, and how it lies to the others. */
import type { FolderState, SearchFolder, SearchFolders, SearchFoldersChecked } from "../../bindings";

/** Which of the lists in the preferences. */
export type FolderKind = keyof SearchFolders;

const states: Record<FolderState, string | null> = {
  there: null,
  missing: "Nothing is there now.",
  denied: "You may not read it.",
  silent: "It does not answer; a network disk, perhaps.",
};

/** Without the slash at its end; either slash, as paths come from any platform. */
const trimmed = (path: string) => path.replace(/(?<=.)[/\\]+$/, "");

/** Whether a path lies below a folder. */
function isInside(path: string, folder: string): boolean {
  const [inner, outer] = [trimmed(path), trimmed(folder)];
  if (inner === outer) return false;
  return inner.startsWith(/[/\\]$/.test(outer) ? outer : `${outer}/`) || inner.startsWith(`${outer}\\`);
}

const isSame = (one: SearchFolder, other: SearchFolder) => trimmed(one.path) === trimmed(other.path);

export function notesOf(kind: FolderKind, folder: SearchFolder, checked: SearchFoldersChecked): string[] {
  const searched = [...checked.roots, ...checked.extra];
  const around = (folders: readonly SearchFolder[]) =>
    folders.find(({ path }) => isInside(folder.path, path))?.written;
  const state = states[folder.state];
  const notes = state === null ? [] : [state];
  const excluding = around(checked.excluded);

  if (kind === "excluded") {
    const within = searched.find(({ path }) => isInside(path, folder.path))?.written;
    if (searched.some((each) => isSame(each, folder)))
      notes.push("It is a search folder too, and is searched.");
    else if (within !== undefined) notes.push(`${within} in it is a search folder, and is searched.`);
    else if (excluding !== undefined) notes.push(`Inside ${excluding}, which is left out already.`);
    else if (around(searched) === undefined)
      notes.push("Outside of the search folders: there is nothing to leave out.");
    return notes;
  }
  const including = around(searched);
  if (excluding !== undefined)
    notes.push(`Inside ${excluding}, which is left out; this one is searched all the same.`);
  else if (including !== undefined)
    notes.push(`Inside ${including}. It adds what is passed over there, such as node_modules.`);
  else if (searched.filter((each) => isSame(each, folder)).length > 1) notes.push("It is listed twice.");
  return notes;
}
