/** The notices of what an earlier run left open. Each stays until it is put away. */
import { useId, useState } from "react";
import type { Notice } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { useHost } from "../../host/host";
import { labelOf, useSheets } from "../../navigation/sheets";
import { isSame, useOutcomes } from "../../state/useOutcomes";
import styles from "./Notices.module.css";

export function Notices() {
  const host = useHost();
  const { notices } = useOutcomes();
  // With their words: there may be more to say about the same request later.
  const [dismissed, setDismissed] = useState<readonly Notice[]>([]);
  const open = notices
    .filter((notice) => !dismissed.some((each) => isSame(each, notice)))
    .toSorted((a, b) => Number(b.needsAttention) - Number(a.needsAttention));
  if (open.length === 0) return null;

  const dismiss = (notice: Notice) => {
    setDismissed((all) => [...all, notice]);
    // A notice that could not be put away comes again at the next start; there is nothing to do about it now.
    host.call("dismiss_notice", { notice: notice.id }).catch(() => undefined);
  };
  return (
    <section className={styles.notices} aria-label="Notices">
      {open.map((notice) => (
        <NoticeBanner key={notice.id} notice={notice} onDismiss={() => dismiss(notice)} />
      ))}
    </section>
  );
}

function NoticeBanner({ notice, onDismiss }: { notice: Notice; onDismiss: () => void }) {
  const { needsAttention, message, next } = notice;
  const { openNext, canOpenNext } = useSheets();
  const words = useId();
  return (
    <Banner
      tone={needsAttention ? "warning" : "calm"}
      isAlert={needsAttention}
      actions={
        next === null || !canOpenNext ? undefined : (
          // What was begun may be given up again: the notice stays until it is put away.
          <Button aria-describedby={words} onPress={() => openNext(next)}>
            {labelOf(next)}
          </Button>
        )
      }
      onDismiss={onDismiss}
    >
      <span id={words}>{message}</span>
    </Banner>
  );
}
