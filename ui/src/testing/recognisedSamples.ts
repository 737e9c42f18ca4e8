/** Believable answers to "I found this string". */
import type { Recognised, RecognisedToken } from "../bindings";
import { account, keyRow, minutesAgo } from "./samples";

export function recognisedToken(changes: Partial<RecognisedToken> = {}): RecognisedToken {
  return {
    level: "this_key",
    account: account().id,
    accountLabel: account().label,
    key: keyRow(),
    genuine: true,
    alive: true,
    knownAt: minutesAgo(4.5, Date.now()),
    mask: "1042|••••ab12cd34",
    encoding: "raw",
    line: 1,
    message:
      "The token of “CI/CD Pipeline”, genuine by its checksum. The key is alive, as of the list fetched 4 minutes ago.",
    ...changes,
  };
}

/** Genuine, and of nobody who is known here. */
export function unlistedToken(changes: Partial<RecognisedToken> = {}): RecognisedToken {
  return recognisedToken({
    level: "unlisted",
    account: null,
    accountLabel: null,
    key: null,
    alive: null,
    knownAt: null,
    mask: "2077|••••0badcafe",
    message: "A genuine token, by its checksum, of no key in your lists.",
    ...changes,
  });
}

export function looked(found: RecognisedToken[], file: string | null = null): Recognised {
  const [first] = found;
  const message =
    first === undefined
      ? "No token of PulseAPI was recognised in it."
      : found.length === 1
        ? first.message
        : `${found.length} things were recognised. ${first.message}`;
  return { kind: "looked", found, message, file };
}
