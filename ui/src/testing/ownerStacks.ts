/**
 * React's development build captures a stack for each element, to tell in warnings which component made it: a third of
 * the processor time of rendering the app. It leaves them out itself once ten thousand were captured within a second;
 * here they are left out from the start. No test reads them.
 */
import * as React from "react";

export function leaveOutOwnerStacks(): void {
  const internals: unknown = Reflect.get(
    React,
    "__CLIENT_INTERNALS_DO_NOT_USE_OR_WARN_USERS_THEY_CANNOT_UPGRADE",
  );
  // A React that counts otherwise is only slower.
  if (typeof internals !== "object" || internals === null) return;
  Object.defineProperty(internals, "recentlyCreatedOwnerStacks", {
    configurable: true,
    get: () => Infinity,
    set: () => undefined,
  });
}
