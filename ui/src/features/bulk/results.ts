/** What the results of a run amount to, and how they are told. Local and pure. */
import type { BulkResult, BulkResultKind, KeyRow, RevocationConfirmed, UiError } from "../../bindings";
import { clockTime } from "../../lib/time";
import { verificationInWords } from "../../lib/verification";
import type { BulkEnd, BulkRun } from "./useBulkDeletion";

/** In the order in which they are read at the end: first what asks for something. */
const order: readonly BulkResultKind[] = [
  "not_deleted",
  "unknown",
  "changed",
  "not_tried",
  "gone_already",
  "deleted",
];

export const titles: Record<BulkResultKind, string> = {
  not_deleted: "Not deleted",
  unknown: "Not known yet",
  changed: "Left alone",
  not_tried: "Not tried",
  gone_already: "Gone already",
  deleted: "Deleted",
};

export interface ResultGroup {
  kind: BulkResultKind;
  results: readonly BulkResult[];
  /** What all of them have to say, when it is the same; empty when it need not be said. */
  shared: string | null;
}

/** With what was seen since: a token that was still accepted when its key was deleted, and gets 401 now. */
export function seenSince(
  results: readonly BulkResult[],
  confirmed: readonly RevocationConfirmed[],
): readonly BulkResult[] {
  return results.map((result) => {
    const dead = confirmed.find(({ key }) => key === result.key);
    return dead === undefined || result.kind !== "deleted"
      ? result
      : { ...result, verification: "token_refused", at: dead.at };
  });
}

/** Whether the key is no longer there. */
export function isGone({ kind }: BulkResult): boolean {
  return kind === "deleted" || kind === "gone_already";
}

/** What there is to say about one, beyond how it ended. */
export function detailOf({ kind, at, verification, message, error }: BulkResult): string {
  if (kind === "deleted" && at !== null && verification !== null) {
    return `${clockTime(at)} · ${verificationInWords[verification]}`;
  }
  if (error === null) return message;
  return error.hint === "" ? error.message : `${error.message} ${error.hint}`;
}

/** `refusal`: told above all of them already. */
export function groupsOf(results: readonly BulkResult[], refusal: UiError | null): ResultGroup[] {
  return order.flatMap((kind) => {
    const members = results.filter((result) => result.kind === kind);
    const [first, ...rest] = members;
    if (first === undefined) return [];
    const detail = detailOf(first);
    const isToldAbove =
      refusal !== null && kind === "not_tried" && members.every(({ error }) => error?.code === refusal.code);
    const isShared = rest.length > 0 && rest.every((result) => detailOf(result) === detail);
    return [{ kind, results: members, shared: isToldAbove ? "" : isShared ? detail : null }];
  });
}

/** Those that may be tried again. */
export function restOf(results: readonly BulkResult[]): readonly KeyRow["id"][] {
  return results.filter((result) => !isGone(result)).map(({ key }) => key);
}

/** What ended the run for want of a credential that the service takes. */
export function refusalIn(results: readonly BulkResult[]): UiError | null {
  return results.find(({ error }) => error?.code === "unauthorized")?.error ?? null;
}

export function endInWords({ results, isCancelled }: BulkEnd): string {
  if (isCancelled) return "cancelled";
  return results.some(({ kind }) => kind === "not_tried") ? "stopped early" : "done";
}

/** How far the run is, for those who hear it: a new sentence with every tenth of the way. */
export function milestoneOf({ rows, done, results }: BulkRun): string {
  const tenths = Math.floor((done * 10) / Math.max(rows.length, 1));
  if (tenths === 0) return "";
  const reached = Math.ceil((tenths * rows.length) / 10);
  const troubles = rows.slice(0, reached).filter(({ id }) => {
    const result = results.get(id);
    return result !== undefined && !isGone(result);
  }).length;
  return `${reached} of ${rows.length} keys done${troubles === 0 ? "" : `, ${troubles} not deleted`}.`;
}
