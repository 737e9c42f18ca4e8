/**
 * All that is known of a key, from the list and from what this machine remembers: the service is not asked. Does nothing
 * by itself, but for copying what the key is called and for searching this machine again when it is told to; the other
 * buttons lead to where things are done.
 */
import { Check, Copy } from "lucide-react";
import type { AccountId, KeyRow, TokenInCustody } from "../../bindings";
import { Button } from "../../components/Button";
import { LastUsed } from "../../components/LastUsed";
import { FooterGap, Sheet } from "../../components/Sheet";
import { forDisplay } from "../../lib/text";
import { exactTime } from "../../lib/time";
import { NoteSection } from "../notes";
import { UsageSection, useUsageSearch } from "../usage";
import { useKeychainWait } from "../../state/keychainWait";
import { useOffline } from "../../state/offline";
import styles from "./DetailsSheet.module.css";
import { LastUses } from "./LastUses";
import { RecentActivity } from "./RecentActivity";
import { useCopyLabel } from "./useCopyLabel";

interface DetailsSheetProps {
  row: KeyRow;
  account: AccountId;
  /** What the account is called, where it is not the one in use. */
  otherAccount: string | null;
  /** Its token, where the app looks after it. */
  token: TokenInCustody | null;
  isArriving: boolean;
  onClose: () => void;
  onToken: () => void;
  onNote: () => void;
  onRotate: () => void;
  onDuplicate: () => void;
  onDelete: () => void;
}

export function DetailsSheet(props: DetailsSheetProps) {
  const { row, account, otherAccount, token, isArriving } = props;
  const { onClose, onToken, onNote, onRotate, onDuplicate, onDelete } = props;
  const { reason: wait } = useKeychainWait();
  const offline = useOffline(account);
  const isOff = wait !== null || offline !== null;
  const { copied, failure, copy } = useCopyLabel(account, row.id);
  const { isCut, shown, whole } = forDisplay(row.name);
  const search = useUsageSearch({ account, keys: [row.id], startsByItself: false });

  return (
    <Sheet
      title={shown === "" ? "Key without a name" : <bdi dir="auto">{shown}</bdi>}
      isArriving={isArriving}
      onDismiss={onClose}
      status={offline}
      footer={
        <>
          <span className={styles.remove}>
            <Button isDisabled={isOff} onPress={onDelete}>
              Delete…
            </Button>
          </span>
          <FooterGap />
          {/* A copy is made in the account in use: it would not be one of this key. */}
          {otherAccount === null && (
            <Button isDisabled={isOff} onPress={onDuplicate}>
              Duplicate…
            </Button>
          )}
          <Button isDisabled={isOff} onPress={onRotate}>
            Rotate…
          </Button>
        </>
      }
    >
      <section className={styles.label} aria-label="Name and last 8">
        <span className={styles.tail} data-selectable>
          …{row.lastEight}
        </span>
        <Button onPress={copy}>
          {copied === null ? (
            <Copy size="0.9375rem" aria-hidden="true" />
          ) : (
            <Check size="0.9375rem" aria-hidden="true" className={styles.done} />
          )}
          Copy name and last 8
        </Button>
        {/* The mark on the button is for eyes; words that come would move everything below. */}
        <p role="status" className={failure === null ? styles.heard : styles.failure}>
          {failure === null ? copied : `${failure.message} ${failure.hint}`}
        </p>
      </section>
      <dl className={styles.facts}>
        {isCut && (
          <>
            <dt>Name</dt>
            <dd data-selectable>
              <bdi dir="auto">{whole}</bdi>
            </dd>
          </>
        )}
        {otherAccount !== null && (
          <>
            <dt>Account</dt>
            <dd>
              <bdi>{otherAccount}</bdi>
            </dd>
          </>
        )}
        {row.own && (
          <>
            <dt>Used by</dt>
            <dd>Pulse Keys: it signs in with this key</dd>
          </>
        )}
        <dt>Last used</dt>
        <dd>
          <LastUse row={row} />
        </dd>
        {row.team !== null && (
          <>
            <dt>Team</dt>
            <dd>
              <bdi>{row.team.name}</bdi>
            </dd>
          </>
        )}
        <dt>Created</dt>
        <dd>{row.createdAt === null ? "unknown" : exactTime(row.createdAt)}</dd>
        <dt>Last rotated</dt>
        <dd>{row.rotatedAt !== null ? exactTime(row.rotatedAt) : row.rotationKnown ? "never" : "unknown"}</dd>
        <dt>Record id</dt>
        <dd className={styles.mono} data-selectable>
          {row.id}
        </dd>
      </dl>
      <NoteSection account={account} id={row.id} onEdit={onNote} />
      <section className={styles.section}>
        <h3 className={styles.title}>Abilities</h3>
        <Abilities abilities={row.abilities} />
      </section>
      <section className={styles.section}>
        <h3 className={styles.title}>Token</h3>
        <div className={styles.custody}>
          <p>{token === null ? "Pulse Keys does not hold its token." : whereIs(token, row)}</p>
          {token !== null && (
            <Button isDisabled={wait !== null} onPress={onToken}>
              Open token…
            </Button>
          )}
        </div>
      </section>
      <div className={styles.usage}>
        <UsageSection account={account} row={row} search={search} />
      </div>
      <LastUses account={account} row={row} />
      <RecentActivity account={account} id={row.id} />
    </Sheet>
  );
}

function whereIs({ state, place, lastEight }: TokenInCustody, row: KeyRow): string {
  if (lastEight !== row.lastEight) return `An older one, …${lastEight}, is still with Pulse Keys.`;
  if (state === "kept") return "Kept in your keychain.";
  return place === "memory" ? "Waits for you, in this window only." : "Waits for you in your keychain.";
}

function LastUse({ row: { lastUsedAt, lastUseKnown } }: { row: KeyRow }) {
  return (
    <>
      <span className={styles.use}>
        <LastUsed at={lastUsedAt} isKnown={lastUseKnown} />
        {lastUsedAt !== null && <span className={styles.exact}>{exactTime(lastUsedAt)}</span>}
      </span>
      <span className={styles.caveat}>
        {lastUsedAt !== null
          ? "As PulseAPI saw it: it says when, not by what, and may run behind."
          : lastUseKnown
            ? "PulseAPI has never seen it used."
            : "PulseAPI does not say when it was used."}
      </span>
    </>
  );
}

function Abilities({ abilities }: { abilities: readonly string[] }) {
  if (abilities.length === 0) return <p className={styles.none}>None: it can do nothing.</p>;
  return (
    <ul className={styles.abilities} aria-label="Abilities">
      {abilities.map((each) => (
        <li key={each}>
          <bdi>{each === "*" ? "* (everything)" : each}</bdi>
        </li>
      ))}
    </ul>
  );
}
