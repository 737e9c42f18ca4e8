/** Six keys of all kinds, their card, and a run through them that the test drives. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect } from "vitest";
import type { BulkOutcome, BulkProgress, BulkResultKind, KeyRow, UiError } from "../bindings";
import { deferred } from "./fakeHost";
import type { Script } from "./fakeHost";
import { findRow, getButton, renderApp, signedIn } from "./render";
import { daysAgo, keyRow, minutesAgo } from "./samples";
import { bulkCard, bulkResult, bulkRow } from "./sheetSamples";

const named = (id: string, name: string, lastUsedAt: string | null) =>
  keyRow({ id, name, lastEight: `0000000${id}`, lastUsedAt });
export const busy = named("1", "busy", minutesAgo(12));
export const weekly = named("2", "weekly", daysAgo(3));
export const idle = named("3", "idle", daysAgo(100));
export const older = named("4", "older", daysAgo(200));
export const never = named("5", "never", null);
const own = keyRow({
  id: "6",
  name: "Pulse Keys",
  lastEight: "00000006",
  lastUsedAt: daysAgo(300),
  own: true,
});
export const all = [busy, weekly, idle, older, own, never];
export const calm = [idle, older, never];

export function cardOf(ids: readonly string[], rows = all) {
  return bulkCard(rows.filter(({ id }) => ids.includes(id)).map((row) => bulkRow(row)));
}

/** The card of all rows, opened by the keys alone. */
export async function openCard(rows: KeyRow[] = all, changes: Script = {}) {
  const app = renderApp(
    signedIn(rows, {
      bulk_card: ({ keys }) => cardOf(keys, rows),
      cancel_delete_keys: () => null,
      ...changes,
    }),
  );
  const row = await findRow(rows[0]?.name ?? "");
  act(() => row.focus());
  await app.user.keyboard("{Control>}a{/Control}{Delete}");
  const dialog = await screen.findByRole("dialog");
  return { ...app, dialog };
}

export const box = (name: string | RegExp) => screen.getByRole("checkbox", { name });
export const boxes = () =>
  within(screen.getByRole("list", { name: "Keys to delete" })).getAllByRole("checkbox");

export function progress(done: number, changes: Partial<BulkProgress> = {}): BulkProgress {
  return { total: 3, done, current: null, waitingUntil: null, results: [], ...changes };
}

/** A run that the test drives. */
function driven() {
  const answer = deferred<BulkOutcome>();
  let tell: (progress: BulkProgress) => void = () => undefined;
  const script: Script = {
    delete_keys: (_, onProgress) => {
      tell = onProgress;
      return answer.promise;
    },
  };
  return {
    script,
    tell: (now: BulkProgress) => act(() => tell(now)),
    end: (outcome: BulkOutcome) => answer.resolve(outcome),
    fail: (error: Error) => answer.reject(error),
  };
}

export function finished(
  kinds: readonly [KeyRow, BulkResultKind, UiError?][],
  message: string,
  cancelled = false,
): BulkOutcome {
  return {
    kind: "finished",
    results: kinds.map(([row, kind, error]) => bulkResult(row, kind, error)),
    cancelled,
    message,
  };
}

export async function startRun(changes: Script = {}) {
  const run = driven();
  const app = await openCard(all, { ...run.script, ...changes });
  await waitFor(() => expect(getButton("Delete 3 keys…")).toBeEnabled());
  await app.user.click(getButton("Delete 3 keys…"));
  return { ...app, ...run };
}
