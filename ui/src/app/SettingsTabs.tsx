/**
 * The tabs of Settings, as ARIA's pattern has them: one tab stop, the arrows choose. React Aria's own make a collection
 * and walk through the panel at each drawing, which was a tenth of the app's start.
 */
import type { KeyboardEvent, ReactNode, Ref } from "react";
import { ariaKeys } from "../actions/keys";
import { useShortcut } from "../actions/useActions";
import styles from "./Shell.module.css";

const tabs = ["keys", "activity", "accounts", "preferences"] as const;
export type SettingsTab = (typeof tabs)[number];

const headOf = (tab: SettingsTab) => `settings-${tab}`;
const panelOf = (tab: SettingsTab) => `settings-${tab}-panel`;

/** The tab that a key leads to from this one; none where the key is no way to another. */
function tabAfter(from: SettingsTab, key: string): SettingsTab | undefined {
  const place = tabs.indexOf(from);
  switch (key) {
    case "ArrowRight":
      return tabs[(place + 1) % tabs.length];
    case "ArrowLeft":
      return tabs.at(place - 1);
    case "Home":
      return tabs[0];
    case "End":
      return tabs.at(-1);
    default:
      return undefined;
  }
}

interface SettingsTabsProps {
  chosen: SettingsTab;
  onChoose: (tab: SettingsTab) => void;
  ref: Ref<HTMLDivElement>;
}

export function SettingsTabs({ chosen, onChoose, ref }: SettingsTabsProps) {
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const next = tabAfter(chosen, event.key);
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    onChoose(next);
    event.currentTarget.querySelector<HTMLElement>(`#${headOf(next)}`)?.focus();
  };
  return (
    <div ref={ref} role="tablist" aria-label="Settings" className={styles.list} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <TabHead key={tab} tab={tab} isChosen={tab === chosen} onChoose={() => onChoose(tab)} />
      ))}
    </div>
  );
}

interface TabHeadProps {
  tab: SettingsTab;
  isChosen: boolean;
  onChoose: () => void;
}

function TabHead({ tab, isChosen, onChoose }: TabHeadProps) {
  const { title, keys } = useShortcut(`tab.${tab}`);
  return (
    <button
      type="button"
      role="tab"
      id={headOf(tab)}
      aria-selected={isChosen}
      aria-controls={isChosen ? panelOf(tab) : undefined}
      aria-keyshortcuts={ariaKeys(keys)}
      tabIndex={isChosen ? 0 : -1}
      className={styles.tab}
      onClick={(event) => {
        onChoose();
        // Some engines give no focus to a button that is clicked.
        event.currentTarget.focus();
      }}
    >
      {tab === "preferences" ? "Preferences" : title}
    </button>
  );
}

/** What the chosen tab shows. */
export function SettingsPanel({ tab, children }: { tab: SettingsTab; children: ReactNode }) {
  return (
    <div role="tabpanel" id={panelOf(tab)} aria-labelledby={headOf(tab)} className={styles.panel}>
      {children}
    </div>
  );
}
