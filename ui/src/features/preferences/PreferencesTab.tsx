/** Settings → Preferences. Everything applies at once; there is nothing to save. */
import type { Place } from "../../bindings";
import { Appearance } from "./Appearance";
import { Places } from "./Places";
import styles from "./Preferences.module.css";
import { Reset } from "./Reset";
import { Safety } from "./Safety";
import { SearchFolders } from "./SearchFolders";
import { focusSection, sections, type SectionId } from "./Section";
import { Shortcuts } from "./Shortcuts";
import { Updates } from "./Updates";

const ids = Object.keys(sections) as SectionId[];

export function PreferencesTab({ places }: { places: readonly Place[] }) {
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
        <Shortcuts />
        <Updates />
        <Places places={places} />
        <Reset />
      </div>
    </div>
  );
}
