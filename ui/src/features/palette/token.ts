/**
 * Whether a text is a token, or holds one, so that the palette can look for it without keeping it. Rather once too
 * often: what is taken for a token is only cut to its end.
 */

/** As the service makes them: the record's id, a bar, and at least some twenty characters. */
const sanctum = /\d+\|(\w{16,})/;

/** As anyone else makes them: one long piece, in which names would have a space sooner. */
const unbroken = /[\w.~+/-]{32,}/;

function tokenIn(text: string): string | null {
  const found = sanctum.exec(text)?.[1];
  if (found !== undefined) return found;
  const piece = unbroken.exec(text)?.[0];
  // A path or a long word has no digits, or little else.
  return piece !== undefined && /\d/.test(piece) && /[a-z]/i.test(piece) ? piece : null;
}

/** The last 8 characters of the token that is in a text: all of it that is shown anywhere. None if there is none. */
export function tailOf(text: string): string | null {
  return tokenIn(text)?.slice(-8) ?? null;
}
