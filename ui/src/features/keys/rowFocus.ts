/** Finding rows in the page and putting the focus on them. */

/** The id of the row around an element. */
export function rowIdAt(target: EventTarget | null): string | null {
  if (!(target instanceof Element)) return null;
  return target.closest<HTMLElement>("[role=row][data-key]")?.dataset.key ?? null;
}

/** Focuses a row, or the table where that row is not in sight. False when there is no table. */
export function focusRow(region: HTMLElement | null, id: string | null): boolean {
  if (region === null) return false;
  const row = id === null ? null : region.querySelector<HTMLElement>(`[role=row][data-key="${CSS.escape(id)}"]`);
  const target = row ?? region.querySelector<HTMLElement>("[role=grid]");
  target?.focus();
  return target !== null;
}
