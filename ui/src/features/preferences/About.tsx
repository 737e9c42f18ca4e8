/** Which version this is, and how it draws its window. */
import { useQuery } from "@tanstack/react-query";
import { useHost } from "../../host/host";
import { rendererKey } from "../../state/queryKeys";
import styles from "./Preferences.module.css";
import { Section } from "./Section";

export function About({ version }: { version: string }) {
  const host = useHost();
  const { data: renderer = null } = useQuery({
    queryKey: rendererKey,
    queryFn: () => host.call("renderer", null),
    staleTime: Infinity,
  });
  return (
    <Section id="about">
      <div className={styles.setting}>
        <p data-selectable>Pulse Keys {version}</p>
      </div>
      {renderer !== null && (
        <div className={styles.setting}>
          <div className={styles.words}>
            <p>{renderer.message}</p>
            <p className={styles.help} data-selectable>
              {renderer.hint}
            </p>
          </div>
        </div>
      )}
    </Section>
  );
}
