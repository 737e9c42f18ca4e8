/** A quiet word that there is a newer version, until it is put away. Nothing is installed from here. */
import { useState } from "react";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { useToast } from "../../components/Toasts";
import { uiErrorOf, useHost } from "../../host/host";
import { usePreferences } from "../../state/usePreferences";
import { useUpdates } from "../../state/useUpdates";
import styles from "./NewerVersion.module.css";

export function NewerVersion({ current }: { current: string }) {
  const host = useHost();
  const toast = useToast();
  const { tellOfUpdates } = usePreferences();
  const updates = useUpdates();
  const [isPutAway, setPutAway] = useState(false);
  const newer =
    updates?.kind === "newer" && tellOfUpdates && !updates.dismissed && !isPutAway ? updates : null;

  const openPage = () => {
    host.call("open_update_page", null).catch((thrown: unknown) => {
      const { message, hint } = uiErrorOf(thrown);
      toast({ message, detail: hint });
    });
  };
  const putAway = () => {
    setPutAway(true);
    // Where that can't be noted it comes again at the next start; there is nothing to do about it now.
    host.call("dismiss_notice", { notice: "newer-version" }).catch(() => undefined);
  };
  return (
    // In the page from the start, so that what comes into it is said.
    <div role="status" aria-label="New version" className={styles.place}>
      {newer !== null && (
        <Banner
          tone="calm"
          actions={newer.pageHost === null ? undefined : <Button onPress={openPage}>Open its page</Button>}
          onDismiss={putAway}
        >
          Pulse Keys {newer.version} is out; this is {current}.{" "}
          {newer.pageHost === null ? "Get it where you got this one." : `Its page is on ${newer.pageHost}.`}
        </Banner>
      )}
    </div>
  );
}
