/** What was seen of a key after its deletion, in words. */
import type { Verification } from "../bindings";

export const verificationInWords: Record<Verification, string> = {
  token_refused: "401 confirmed",
  token_accepted: "its token is still accepted",
  record_gone: "record gone",
};
