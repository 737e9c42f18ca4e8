/**
 * Deleted keys whose token is not known to be dead, and keys that are deleted in the browser: what the last try found,
 * when the next one is, and what to do about it. Nothing new is said under an open sheet: what comes and goes above the
 * list would move it.
 */
import { useState } from "react";
import type { Revocation } from "../../bindings";
import { PanelPart } from "../../components/PanelPart";
import { part } from "../../lib/part";
import { useSheets } from "../../navigation/sheets";
import { useRevocations } from "../../state/useRevocations";
import styles from "./Revocations.module.css";

const revocationBanner = part(() =>
  import("./RevocationBanner").then(({ RevocationBanner }) => RevocationBanner),
);

function idOf({ account, key }: Revocation): string {
  return `${account}/${key}`;
}

export function Revocations() {
  const { open } = useRevocations();
  const { current } = useSheets();
  const ids = open.map(idOf);
  const [known, setKnown] = useState<readonly string[]>([]);
  const isFree = current === null;
  if (isFree && ids.join("\n") !== known.join("\n")) setKnown(ids);
  const shown = open.filter((each) => isFree || known.includes(idOf(each)));
  return (
    <div role="status" className={styles.revocations}>
      {shown.map((each) => (
        <PanelPart key={idOf(each)} part={revocationBanner}>
          {(RevocationBanner) => <RevocationBanner revocation={each} />}
        </PanelPart>
      ))}
    </div>
  );
}
