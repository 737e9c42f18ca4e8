/** Everything that a row of the journal holds, whole and fit to be copied. */
import { Ellipsis } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { Dialog, Heading, Popover } from "react-aria-components";
import { Button } from "../../components/Button";
import { drawOverlay } from "../../components/drawOverlay";
import menu from "../../components/Menu.module.css";
import { actionInWords } from "../../lib/journalAction";
import { forDisplay, formatNumber } from "../../lib/text";
import { exactTime } from "../../lib/time";
import { useDetails } from "./detailsContext";
import { type Entry } from "./entries";
import styles from "./RowDetails.module.css";

/** At the end of a row. The popover is the table's: thirty of them would be most of the work of scrolling. */
export function DetailsButton({ entry }: { entry: Entry }) {
  const { openOf, setOpenOf } = useDetails();
  return (
    // The arrows and Enter on the row lead here; a tab stop for each row would bury what comes after the table.
    <Button
      look="quiet"
      isIcon
      tabIndex={-1}
      aria-label={`Details of row ${formatNumber(entry.number)}`}
      aria-haspopup="dialog"
      aria-expanded={openOf === entry.id}
      onPress={() => setOpenOf(entry.id)}
    >
      <Ellipsis size="1rem" aria-hidden="true" />
    </Button>
  );
}

interface RowDetailsProps {
  entry: Entry | undefined;
  /** The row's button. */
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
}

export function RowDetails({ entry, anchor, onClose }: RowDetailsProps) {
  return (
    <Popover
      render={drawOverlay}
      isOpen={entry !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      triggerRef={anchor}
      className={menu.popover ?? ""}
      placement="bottom end"
      offset={4}
    >
      {entry !== undefined && (
        <Dialog className={styles.details ?? ""}>
          <Heading slot="title" className={styles.title ?? ""}>
            Row {formatNumber(entry.number)}
          </Heading>
          <Facts entry={entry} />
        </Dialog>
      )}
    </Popover>
  );
}

function Facts({ entry }: { entry: Entry }) {
  const { keyName, lastEight, keyId, requestId, previousHash } = entry;
  return (
    <dl className={styles.facts}>
      <Fact term="When">
        {exactTime(entry.at)}
        <span className={styles.code}>{entry.at}</span>
      </Fact>
      <Fact term="Account">
        <Whole text={entry.accountLabel} />
      </Fact>
      <Fact term="Action">
        <Whole text={actionInWords(entry.action)} />
      </Fact>
      {keyName !== null && (
        <Fact term="Key">
          <Whole text={keyName} />
        </Fact>
      )}
      {lastEight !== null && (
        <Fact term="Token" isCode>
          …{lastEight}
        </Fact>
      )}
      {keyId !== null && (
        <Fact term="Key’s id" isCode>
          {keyId}
        </Fact>
      )}
      <Fact term="Outcome">
        <Whole text={entry.outcome} />
      </Fact>
      {requestId !== null && (
        <Fact term="Request id" isCode>
          {requestId}
        </Fact>
      )}
      {previousHash !== "" && (
        <Fact term="Hash of the row before" isCode>
          {previousHash}
        </Fact>
      )}
    </dl>
  );
}

function Fact({ term, isCode = false, children }: { term: string; isCode?: boolean; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt className={styles.term}>{term}</dt>
      <dd className={styles.value} data-selectable>
        {isCode ? <span className={styles.code}>{children}</span> : children}
      </dd>
    </div>
  );
}

function Whole({ text }: { text: string }) {
  const { whole } = forDisplay(text);
  return whole === "" ? <em className={styles.none}>(no name)</em> : <bdi dir="auto">{whole}</bdi>;
}
