/** Text from the service, made fit for one line. It is always rendered as text, never as markup. */

const DISPLAY_LIMIT = 80;

// The app strips these before they get here; a second look costs nothing and keeps the page safe by itself.
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const invisible = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export interface DisplayText {
  shown: string;
  /** Everything, without what would disturb its surroundings. */
  whole: string;
  isCut: boolean;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Cut at 80 characters as people count them. */
export function forDisplay(text: string): DisplayText {
  const whole = text.replace(invisible, "").trim();
  if (whole.length <= DISPLAY_LIMIT) return { shown: whole, whole, isCut: false };
  let shown = "";
  let length = 0;
  for (const { segment } of segmenter.segment(whole)) {
    if (length === DISPLAY_LIMIT) return { shown: `${shown.trimEnd()}…`, whole, isCut: true };
    shown += segment;
    length += 1;
  }
  return { shown, whole, isCut: false };
}

/** A name within a sentence; none where there is nothing to show of it. */
export function quotedName(name: string): string | null {
  const { shown } = forDisplay(name);
  return shown === "" ? null : `“${shown}”`;
}

/** "1 key", "12 keys", "10,000 keys" */
export function countOf(amount: number, noun: string): string {
  return `${formatNumber(amount)} ${noun}${amount === 1 ? "" : "s"}`;
}

const numbers = new Intl.NumberFormat("en-GB");

export function formatNumber(amount: number): string {
  return numbers.format(amount);
}
