/** Where the app keeps what lasts, and the way there. */
import { FolderOpen } from "lucide-react";
import type { Folder, Place } from "../../bindings";
import { Button } from "../../components/Button";
import { useToast } from "../../components/Toasts";
import { uiErrorOf, useHost } from "../../host/host";
import styles from "./Preferences.module.css";
import { Section } from "./Section";

export function Places({ places }: { places: readonly Place[] }) {
  const host = useHost();
  const toast = useToast();
  const open = (folder: Folder) => {
    host.call("open_folder", { place: folder }).catch((thrown: unknown) => {
      const { message, hint } = uiErrorOf(thrown);
      toast({ message, detail: hint });
    });
  };
  return (
    <Section id="places" help="All of it is on this machine.">
      <ul className={styles.places}>
        {places.map(({ title, path, folder }) => (
          <li key={title} className={styles.setting}>
            <div className={styles.words}>
              <p>{title}</p>
              <p className={styles.path} data-selectable>
                <bdi>{path}</bdi>
              </p>
            </div>
            {folder !== null && (
              <Button aria-label={`Open folder of ${title}`} onPress={() => open(folder)}>
                <FolderOpen size="0.9375rem" aria-hidden="true" />
                Open folder
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
