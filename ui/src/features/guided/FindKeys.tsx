/**
 * Genuine tokens on this machine that are of no key in the user's own list: which keys are they? The search finds them
 * by their checksum and shows their last 8, to be compared with the web screen; the user says what they are called.
 * None is tried: that would move the key's last use.
 */
import { useId, useState } from "react";
import type { AccountId, Finding, FoundToken, UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { FooterGap, Sheet } from "../../components/Sheet";
import { useToast } from "../../components/Toasts";
import { uiErrorOf, useHost } from "../../host/host";
import { countOf } from "../../lib/text";
import { useSheetControls } from "../../navigation/registry";
import { useKeyCache } from "../../state/useKeys";
import { SearchProgress, SkippedPlaces, useUsageSearch } from "../usage";
import styles from "./FindKeys.module.css";

/** Where one of them stands, in a line. */
function placeOf({ shortPath, inside, line, variable, process }: Finding): string {
  const where = [shortPath, inside, line === null ? null : `line ${line}`, process].filter(
    (part) => part !== null,
  );
  return variable === null ? where.join(", ") : `${where.join(", ")}: ${variable}`;
}

export function FindKeys({ account }: { account: AccountId }) {
  const { close } = useSheetControls();
  const host = useHost();
  const cache = useKeyCache();
  const toast = useToast();
  const heading = useId();
  const search = useUsageSearch({ account, keys: [], startsByItself: true });
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<UiError | null>(null);
  const { report, isRunning } = search;
  const tokens = report?.tokens ?? [];
  const named = tokens.filter(({ lastEight }) => (names[lastEight] ?? "").trim() !== "");
  const places = tokens.reduce((sum, { places: those }) => sum + those, 0);

  const add = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const keys = named.map(({ lastEight }) => ({
        name: names[lastEight] ?? "",
        lastEight,
        abilities: [],
        team: null,
        lastUsedAt: null,
        lastUseKnown: false,
        createdAt: null,
      }));
      const outcome = await host.call("note_keys", { account, keys });
      if (outcome.kind === "refused") {
        const [first] = outcome.problems;
        const holders = outcome.problems.filter(({ holdsToken }) => holdsToken);
        const isHolder = (tail: string) => holders.some(({ lastEight }) => lastEight === tail);
        setNames((before) => Object.fromEntries(Object.entries(before).filter(([tail]) => !isHolder(tail))));
        setFailure({ code: "other", message: first?.message ?? "This could not be added.", hint: "" });
      } else if (outcome.kind === "noted") {
        cache.take(outcome.list);
        toast({ message: `${countOf(keys.length, "key")} in your list.` });
        close();
      }
    } catch (thrown) {
      setFailure(uiErrorOf(thrown));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Sheet
      title="Find keys on this machine"
      isBusy={isBusy}
      onDismiss={close}
      footer={
        <>
          <Button onPress={close}>Cancel</Button>
          <FooterGap />
          <Button
            look="primary"
            isDisabled={named.length === 0}
            isPending={isBusy}
            onPress={() => void add()}
          >
            {named.length === 0 ? "Add keys" : `Add ${countOf(named.length, "key")}`}
          </Button>
        </>
      }
    >
      <p>
        Compare the last 8 with Settings → API Keys in the browser. Name the keys that are there, and leave
        the others empty. None is tried at PulseAPI.
      </p>
      <section className={styles.found} aria-labelledby={heading}>
        <SearchProgress id={heading} search={search} title="Tokens that are not in your list" />
        <p role="status" className={styles.summary}>
          {tokens.length > 0
            ? `${countOf(tokens.length, "token")} in ${countOf(places, "place")}. Which keys are they?`
            : !isRunning && report !== null && search.error === null
              ? "No token was found that is not in your list already."
              : ""}
        </p>
        {tokens.map((token) => (
          <TokenFound
            key={token.lastEight}
            token={token}
            name={names[token.lastEight] ?? ""}
            onName={(name) => setNames((before) => ({ ...before, [token.lastEight]: name }))}
          />
        ))}
        {report !== null && !isRunning && <SkippedPlaces report={report} />}
      </section>
      <div role="alert">
        {failure !== null && (
          <Banner tone="danger">
            {failure.message} {failure.hint}
          </Banner>
        )}
      </div>
    </Sheet>
  );
}

interface TokenFoundProps {
  token: FoundToken;
  name: string;
  onName: (name: string) => void;
}

function TokenFound({ token, name, onName }: TokenFoundProps) {
  const { lastEight, own, places, findings } = token;
  const more = places - findings.length;
  return (
    <section className={styles.token} aria-label={`Token …${lastEight}`}>
      <p className={styles.tail} data-selectable>
        …{lastEight}
      </p>
      <ul className={styles.places}>
        {findings.map((finding) => (
          <li key={finding.id} data-selectable>
            <bdi dir="ltr">{placeOf(finding)}</bdi>
          </li>
        ))}
        {more > 0 && <li>and {countOf(more, "more place")}</li>}
      </ul>
      <Field
        label="Name on the web screen"
        help={own ? "Pulse Keys itself signs in with this one." : undefined}
        value={name}
        onChange={(event) => onName(event.target.value)}
      />
    </section>
  );
}
