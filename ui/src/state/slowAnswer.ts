/** A creation or rotation that the service takes long to answer: what is said, and when the sheet may be left. */

export const SLOW_AFTER_MS = 10_000;

export const SLOW_MESSAGE =
  "PulseAPI has not answered yet. Pulse Keys waits up to a minute. You can leave: the token is kept as soon as it arrives.";
