/** How a finished deletion is told. */
import type { Verification } from "../../bindings";
import type { ToastContent } from "../../components/Toasts";
import { clockTime } from "../../lib/time";
import type { Settled } from "./useDeletion";

/** What was seen of a key that is gone. */
export const verified: Record<Verification, string> = {
  token_refused: "401 confirmed",
  token_accepted: "its token is still accepted",
  record_gone: "record gone",
};

export function toastOf(outcome: Settled): ToastContent {
  if (outcome.kind === "gone_already") return { message: outcome.message, tone: "plain" };
  const { message, at, verification } = outcome;
  // Only a 401 that was seen shows that it is revoked.
  const what = verification === "token_refused" ? "Revoked" : "Deleted";
  return {
    message,
    detail: `${what} ${clockTime(at)} · ${verified[verification]}`,
    tone: verification === "token_accepted" ? "plain" : "success",
  };
}
