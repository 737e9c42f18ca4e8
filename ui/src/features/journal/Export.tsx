/** The buttons that take the journal along, and what stands above the list when that failed. */
import type { JournalFormat, UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import styles from "./ActivityTab.module.css";
import type { Export } from "./useExport";

const formats: readonly { format: JournalFormat; title: string }[] = [
  { format: "csv", title: "Export CSV…" },
  { format: "json", title: "Export JSON…" },
];

export function ExportButtons({ saving }: { saving: Export }) {
  const { busy, start } = saving;
  return (
    <div className={styles.exports}>
      {formats.map(({ format, title }) => (
        <Button
          key={format}
          isPending={busy === format}
          isDisabled={busy !== null && busy !== format}
          onPress={() => start(format)}
        >
          {title}
        </Button>
      ))}
    </div>
  );
}

export function ExportFailed({ error, onDismiss }: { error: UiError; onDismiss: () => void }) {
  return (
    <Banner tone="warning" isAlert onDismiss={onDismiss}>
      {error.message} {error.hint}
    </Banner>
  );
}
