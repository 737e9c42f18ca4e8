/** Search folders of one kind: each with what is worth knowing about it, and the ways to add one and to take one away. */
import { FolderPlus, X } from "lucide-react";
import { useEffect, useId, useRef, type KeyboardEvent } from "react";
import type { SearchFoldersChecked } from "../../bindings";
import { Button } from "../../components/Button";
import { notesOf, type FolderKind } from "./folderNotes";
import styles from "./SearchFolders.module.css";

interface FolderListProps {
  kind: FolderKind;
  title: string;
  help: string;
  /** As they stand in the preferences. */
  paths: readonly string[];
  /** None until they were looked at. */
  checked: SearchFoldersChecked | undefined;
  isChoosing: boolean;
  isFull: boolean;
  onAdd: () => void;
  onRemove: (path: string) => void;
}

export function FolderList(props: FolderListProps) {
  const { kind, title, help, paths, checked, isChoosing, isFull, onAdd, onRemove } = props;
  const id = useId();
  const rows = useRef<HTMLUListElement>(null);
  const add = useRef<HTMLButtonElement>(null);
  /** The place of the one that was taken away: the focus goes to what stands there then. */
  const left = useRef<number | null>(null);
  // A search begins somewhere.
  const isLast = kind === "roots" && paths.length === 1;

  useEffect(() => {
    const place = left.current;
    left.current = null;
    if (place === null) return;
    const buttons = rows.current?.querySelectorAll<HTMLButtonElement>("button") ?? [];
    (buttons[Math.min(place, buttons.length - 1)] ?? add.current)?.focus();
  }, [paths]);

  const remove = (place: number, path: string) => {
    left.current = place;
    onRemove(path);
  };

  return (
    <div role="group" aria-labelledby={id} aria-describedby={`${id}-help`} className={styles.list}>
      <div className={styles.head}>
        <div className={styles.words}>
          <h3 id={id} className={styles.title}>
            {title}
          </h3>
          <p id={`${id}-help`} className={styles.help}>
            {help}
          </p>
        </div>
        <Button
          ref={add}
          id={`${id}-add`}
          aria-labelledby={`${id}-add ${id}`}
          isPending={isChoosing}
          isDisabled={isFull}
          onPress={onAdd}
        >
          <FolderPlus size="0.9375rem" aria-hidden="true" />
          Add folder…
        </Button>
      </div>
      {paths.length > 0 && (
        <ul ref={rows} className={styles.folders}>
          {paths.map((path, place) => (
            <FolderRow
              key={path}
              path={path}
              kind={kind}
              checked={checked}
              isFixed={isLast}
              onRemove={() => remove(place, path)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

interface FolderRowProps {
  path: string;
  kind: FolderKind;
  checked: SearchFoldersChecked | undefined;
  /** It can't be taken away. */
  isFixed: boolean;
  onRemove: () => void;
}

function FolderRow({ path, kind, checked, isFixed, onRemove }: FolderRowProps) {
  const id = useId();
  const folder = checked?.[kind].find(({ written }) => written === path);
  const notes = checked === undefined || folder === undefined ? [] : notesOf(kind, folder, checked);
  const whole = folder !== undefined && folder.path !== path ? folder.path : null;
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === "Delete" || key === "Backspace") onRemove();
  };
  return (
    <li
      className={styles.folder}
      data-troubled={(folder !== undefined && folder.state !== "there") || undefined}
    >
      <div className={styles.words}>
        <p className={styles.path} data-selectable>
          <bdi>{path}</bdi>
          {whole !== null && (
            <>
              {" "}
              <bdi className={styles.whole}>{whole}</bdi>
            </>
          )}
        </p>
        {notes.length > 0 && (
          <p id={id} className={styles.note}>
            {notes.join(" ")}
          </p>
        )}
      </div>
      {!isFixed && (
        <span onKeyDown={onKeyDown}>
          <Button
            look="quiet"
            isIcon
            aria-label={`Remove ${path}`}
            {...(notes.length > 0 ? { "aria-describedby": id } : {})}
            onPress={onRemove}
          >
            <X size="0.9375rem" aria-hidden="true" />
          </Button>
        </span>
      )}
    </li>
  );
}
