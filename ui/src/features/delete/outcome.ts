/** How a finished deletion is told. */
import type { ToastContent } from "../../components/Toasts";
import { clockTime } from "../../lib/time";
import { verificationInWords } from "../../lib/verification";
import type { Settled } from "./useDeletion";

export function toastOf(outcome: Settled): ToastContent {
  if (outcome.kind === "gone_already") return { message: outcome.message, tone: "plain" };
  const { message, at, verification } = outcome;
  // Only a 401 that was seen shows that it is revoked.
  const what = verification === "token_refused" ? "Revoked" : "Deleted";
  return {
    message,
    detail: `${what} ${clockTime(at)} · ${verificationInWords[verification]}`,
    tone: verification === "token_accepted" ? "plain" : "success",
  };
}
