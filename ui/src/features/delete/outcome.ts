/** How a finished deletion is told. */
import type { Verification } from "../../bindings";
import type { ToastContent } from "../../components/Toasts";
import { clockTime } from "../../lib/time";
import type { Settled } from "./useDeletion";

/** How it is known that a key is gone. */
export const verified: Record<Verification, string> = {
  token_refused: "401 confirmed",
  record_gone: "record gone",
  answer_only: "as the service answered",
};

export function toastOf(outcome: Settled): ToastContent {
  if (outcome.kind === "gone_already") return { message: outcome.message, tone: "plain" };
  return {
    message: outcome.message,
    detail: `Revoked ${clockTime(outcome.at)} · ${verified[outcome.verification]}`,
    tone: "success",
  };
}
