/** Whether the app asks for newer versions of itself, whom, and what came of it. Off unless it is turned on here. */
import { useState } from "react";
import type { UpdatesView } from "../../bindings";
import { exactTime } from "../../lib/time";
import { useChangePreferences, usePreferences } from "../../state/usePreferences";
import { useUpdates } from "../../state/useUpdates";
import { Section, Setting } from "./Section";
import { Segments } from "./Segments";
import styles from "./Updates.module.css";

const answers = [
  ["off", "Off"],
  ["on", "On"],
] as const;

export function Updates() {
  const { tellOfUpdates } = usePreferences();
  const change = useChangePreferences();
  const updates = useUpdates();
  return (
    <Section
      id="updates"
      help="Nothing is installed from here; you are told, and get it where you got this one."
    >
      <Setting
        title="Tell me about new versions"
        help={
          tellOfUpdates
            ? `${wordsOf(updates)} The request says nothing about you, your accounts or this machine.`
            : "Off: the app does not ask for new versions. When on, it asks the address below at its start, at most once a day."
        }
      >
        {(ids) => (
          <Segments
            {...ids}
            options={answers}
            value={tellOfUpdates ? "on" : "off"}
            onChange={(chosen) => change(() => ({ tellOfUpdates: chosen === "on" }))}
          />
        )}
      </Setting>
      <Setting title="Address to ask" help="https:// only. It answers with the newest version number.">
        {({ label, describedBy }) => <Address label={label} describedBy={describedBy} />}
      </Setting>
    </Section>
  );
}

function wordsOf(updates: UpdatesView | undefined): string {
  switch (updates?.kind) {
    case "newest":
      return `Asked ${exactTime(updates.askedAt)}: this is the newest.`;
    case "newer":
      return `Asked ${exactTime(updates.askedAt)}: ${updates.version} is out.`;
    case "not_known":
      return `Asked ${exactTime(updates.askedAt)}, without an answer. ${updates.problem}`;
    case "off":
    case undefined:
      return "Asks at the next start, then at most once a day.";
  }
}

interface AddressProps {
  label: string;
  describedBy: string | undefined;
}

/** Taken when it is left or Enter is pressed, as a whole; Esc takes back what was typed. */
function Address({ label, describedBy }: AddressProps) {
  const { updatesAddress } = usePreferences();
  const change = useChangePreferences();
  const [draft, setDraft] = useState<string | null>(null);
  const take = () => {
    const typed = draft?.trim();
    setDraft(null);
    if (typed !== undefined && typed !== updatesAddress) change(() => ({ updatesAddress: typed }));
  };
  return (
    <input
      type="text"
      inputMode="url"
      aria-label={label}
      aria-describedby={describedBy}
      className={styles.address}
      value={draft ?? updatesAddress}
      autoComplete="off"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === "Enter") take();
        if (event.key === "Escape" && draft !== null) {
          event.stopPropagation();
          setDraft(null);
        }
      }}
    />
  );
}
