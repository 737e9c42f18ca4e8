/** Settings → Preferences. Everything applies at once; there is nothing to save. */
import type { Place } from "../../bindings";
import { About } from "./About";
import { Appearance } from "./Appearance";
import { Places } from "./Places";
import styles from "./Preferences.module.css";
import { Reset } from "./Reset";
import { Safety } from "./Safety";
import { SearchFolders } from "./SearchFolders";
import { focusSection, sections, type SectionId } from "./Section";
import { Shortcuts } from "./Shortcuts";
import { Updates } from "./Updates";
import { Watch } from "./Watch";

const ids = Object.keys(sections) as SectionId[];

interface PreferencesTabProps {
  places: readonly Place[];
  version: string;
}

export function PreferencesTab({ places, version }: PreferencesTabProps) {
  return (
    <div className={styles.tab}>
      <nav className={styles.nav} aria-label="Parts of the preferences">
        {ids.map((id) => (
          <button key={id} type="button" className={styles.jump} onClick={() => focusSection(id)}>
            {sections[id]}
          </button>
        ))}
      </nav>
      <div className={styles.sections}>
        <Appearance />
        <Safety />
        <SearchFolders />
        <Watch />
        <Shortcuts />
        <Updates />
        <Places places={places} />
        <Reset />
        <About version={version} />
      </div>
    </div>
  );
}
