/** How the page looks: theme, contrast, motion, density and size. */
import { sayKeys } from "../../actions/keys";
import { useShortcut } from "../../actions/useActions";
import { useChangePreferences, usePreferences } from "../../state/usePreferences";
import { largestZoom, smallestZoom, zoomStep } from "../../state/useZoom";
import { Section, Setting } from "./Section";
import { Segments } from "./Segments";
import { Stepper } from "./Stepper";

const themes = [
  ["system", "System"],
  ["light", "Light"],
  ["dark", "Dark"],
] as const;
const contrasts = [
  ["system", "System"],
  ["standard", "Standard"],
  ["more", "More"],
] as const;
const motions = [
  ["system", "System"],
  ["reduced", "Reduced"],
] as const;
const notes = [
  ["hidden", "Hidden"],
  ["shown", "Shown"],
] as const;
const densities = [
  ["comfortable", "Comfortable"],
  ["compact", "Compact"],
] as const;

export function Appearance() {
  const { theme, contrast, motion, density, notesInList, zoom } = usePreferences();
  const change = useChangePreferences();
  return (
    <Section id="appearance">
      <Setting title="Theme">
        {(ids) => (
          <Segments
            {...ids}
            options={themes}
            value={theme}
            onChange={(chosen) => change(() => ({ theme: chosen }))}
          />
        )}
      </Setting>
      <Setting title="Contrast" help="More: darker text, stronger lines, a wider focus ring.">
        {(ids) => (
          <Segments
            {...ids}
            options={contrasts}
            value={contrast}
            onChange={(chosen) => change(() => ({ contrast: chosen }))}
          />
        )}
      </Setting>
      <Setting title="Motion" help="Reduced: nothing slides, fades or pulses.">
        {(ids) => (
          <Segments
            {...ids}
            options={motions}
            value={motion}
            onChange={(chosen) => change(() => ({ motion: chosen }))}
          />
        )}
      </Setting>
      <Setting title="Density" help="Height of the rows in lists.">
        {(ids) => (
          <Segments
            {...ids}
            options={densities}
            value={density}
            onChange={(chosen) => change(() => ({ density: chosen }))}
          />
        )}
      </Setting>
      <Setting title="Notes in the list" help="A column with what you wrote about each key.">
        {(ids) => (
          <Segments
            {...ids}
            options={notes}
            value={notesInList ? "shown" : "hidden"}
            onChange={(chosen) => change(() => ({ notesInList: chosen === "shown" }))}
          />
        )}
      </Setting>
      <Setting title="Zoom" help={<ZoomKeys />}>
        {(ids) => (
          <Stepper
            {...ids}
            value={zoom}
            from={smallestZoom}
            to={largestZoom}
            step={zoomStep}
            unit="percent"
            onChange={(chosen) => change(() => ({ zoom: chosen }))}
          />
        )}
      </Setting>
    </Section>
  );
}

/** Which keys do the same from anywhere, if any are set. */
function ZoomKeys() {
  const { keys: larger } = useShortcut("zoom.in");
  const { keys: smaller } = useShortcut("zoom.out");
  const size = "Size of everything in the window.";
  if (larger[0] === undefined || smaller[0] === undefined) return size;
  return `${size} ${sayKeys(larger[0])} and ${sayKeys(smaller[0])} change it from anywhere.`;
}
