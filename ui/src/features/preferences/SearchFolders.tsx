/** Where this machine is searched for keys: where it begins, what is added, what is left out. */
import { useState } from "react";
import type { SearchFolders as Folders } from "../../bindings";
import { useToast } from "../../components/Toasts";
import { uiErrorOf, useHost } from "../../host/host";
import { usePreferences, useWritePreferences } from "../../state/usePreferences";
import { FolderList } from "./FolderList";
import type { FolderKind } from "./folderNotes";
import styles from "./SearchFolders.module.css";
import { Section } from "./Section";
import { useCheckAgain, useFolderCheck } from "./useFolderCheck";

/** As many as core keeps of each. */
const most = 50;

const lists: readonly { kind: FolderKind; title: string; help: string }[] = [
  {
    kind: "roots",
    title: "Search in",
    help: "With all subfolders, except what was downloaded or built. At least one folder.",
  },
  {
    kind: "extra",
    title: "And in",
    help: "Places outside of these: another disk, a shared folder.",
  },
  {
    kind: "excluded",
    title: "Leave out",
    help: "Folders that are not searched.",
  },
];

export function SearchFolders() {
  const host = useHost();
  const toast = useToast();
  const { search } = usePreferences();
  const write = useWritePreferences();
  const checkAgain = useCheckAgain();
  const checked = useFolderCheck(search);
  const [choosing, setChoosing] = useState<FolderKind | null>(null);
  const [said, setSaid] = useState("");

  const put = async (kind: FolderKind, words: string, change: (paths: readonly string[]) => string[]) => {
    setSaid(words);
    await write(({ search: now }): { search: Folders } => ({
      search: { ...now, [kind]: change(now[kind]) },
    }));
    checkAgain();
  };
  const add = async (kind: FolderKind) => {
    setChoosing(kind);
    try {
      const { path } = await host.call("choose_search_folder", null);
      if (path === null) return;
      const isThere = checked?.[kind].some((folder) => folder.path === path) ?? search[kind].includes(path);
      if (isThere) toast({ message: `${path} is in the list already.` });
      else await put(kind, `Added ${path}.`, (paths) => [...paths, path]);
    } catch (thrown) {
      const { message, hint } = uiErrorOf(thrown);
      toast({ message, detail: hint });
    } finally {
      setChoosing(null);
    }
  };

  return (
    <Section
      id="search"
      help="Where Pulse Keys looks on this machine for the places that use a key. Nothing of what it reads is sent anywhere."
    >
      {lists.map(({ kind, title, help }) => (
        <FolderList
          key={kind}
          kind={kind}
          title={title}
          help={help}
          paths={search[kind]}
          checked={checked}
          isChoosing={choosing === kind}
          isFull={search[kind].length >= most}
          onAdd={() => void add(kind)}
          onRemove={(path) =>
            void put(kind, `Removed ${path}.`, (paths) => paths.filter((each) => each !== path))
          }
        />
      ))}
      {checked !== undefined && (
        <p className={styles.own}>
          Always left out, since they hold your lists: <OwnFolders paths={checked.own} />
        </p>
      )}
      <p role="status" className={styles.said}>
        {said}
      </p>
    </Section>
  );
}

function OwnFolders({ paths }: { paths: readonly string[] }) {
  return paths.map((path, place) => (
    <span key={path}>
      {place > 0 && " and "}
      <bdi className={styles.path}>{path}</bdi>
    </span>
  ));
}
