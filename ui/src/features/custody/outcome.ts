/** How it is told that a token was taken care of. */
import type { TokenInCustody } from "../../bindings";
import type { ToastContent } from "../../components/Toasts";
import { forDisplay } from "../../lib/text";

/** `missing`: it leaves the list after the keychain had no such token. */
export type Settling = "stored" | "keep" | "missing";

/** Its key by name, or by its last 8 characters where it has none. */
function named(token: TokenInCustody): string {
  const { shown } = forDisplay(token.name);
  return shown === "" ? `…${token.lastEight}` : `“${shown}”`;
}

export function arrivedToast(token: TokenInCustody, onOpen: () => void): ToastContent {
  return {
    message: `The token of ${named(token)} has arrived.`,
    tone: "success",
    action: { label: "Open", onPress: onOpen },
  };
}

export function settledToast(token: TokenInCustody, how: Settling): ToastContent {
  const name = named(token);
  if (how === "missing") {
    return {
      message: `The token of ${name} is no longer in the list.`,
      detail: "If nobody has it, rotate the key.",
    };
  }
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
