/** What was found out about deletions that an earlier run left open. Asked once; each stays until it is put away. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Banner } from "../../components/Banner";
import { useHost } from "../../host/host";
import styles from "./Notices.module.css";

export function Notices() {
  const host = useHost();
  const client = useQueryClient();
  // Where the service can't be asked now, the outcomes stay open and the next start asks again.
  const { data: notices = [] } = useQuery({
    queryKey: ["outcomes_reconcile"],
    queryFn: async () => {
      const found = await host.call("outcomes_reconcile", null);
      // One of the deletions may have been of the app's own key: then an account is gone.
      if (found.length > 0) await client.invalidateQueries({ queryKey: ["app_state"] });
      return found;
    },
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const open = notices
    .filter(({ id }) => !dismissed.has(id))
    .toSorted((a, b) => Number(b.needsAttention) - Number(a.needsAttention));
  if (open.length === 0) return null;
  return (
    <section className={styles.notices} aria-label="Notices">
      {open.map(({ id, needsAttention, message }) => (
        <Banner
          key={id}
          tone={needsAttention ? "warning" : "calm"}
          isAlert={needsAttention}
          onDismiss={() => setDismissed((all) => new Set([...all, id]))}
        >
          {message}
        </Banner>
      ))}
    </section>
  );
}
