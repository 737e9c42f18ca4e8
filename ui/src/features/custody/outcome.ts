/** How it is told that a token was taken care of. */
import type { TokenInCustody } from "../../bindings";
import type { ToastContent } from "../../components/Toasts";
import { forDisplay } from "../../lib/text";

export function settledToast(token: TokenInCustody, how: "stored" | "keep"): ToastContent {
  const { shown } = forDisplay(token.name);
  const name = shown === "" ? `…${token.lastEight}` : `“${shown}”`;
  if (how === "keep") {
    return {
      message: `The token of ${name} is kept in your keychain.`,
      detail: "Open it again from the menu of its row.",
      tone: "success",
    };
  }
  return {
    message:
      token.place === "memory"
        ? `Pulse Keys has let go of the token of ${name}.`
        : `The token of ${name} was removed from your keychain.`,
    detail: "The key keeps working with the copy that you have.",
    tone: "success",
  };
}
