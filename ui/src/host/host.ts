/** What the page may ask of the app, and in which words a failure comes back. Knows no platform. */
import { createContext, useContext } from "react";
import type { Commands, ErrorCode, UiError } from "../bindings";

export type CommandName = keyof Commands;

export interface Host {
  /** Runs a command; rejects with a `HostError` and nothing else. */
  call<N extends CommandName>(
    name: N,
    request: Commands[N]["request"],
    onProgress?: (progress: Commands[N]["progress"]) => void,
  ): Promise<Commands[N]["answer"]>;
}

/** A command's failure, in the words that the app gave it. */
export class HostError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  constructor({ code, message, hint }: UiError) {
    super(message);
    this.name = "HostError";
    this.code = code;
    this.hint = hint;
  }
}

/** The words for anything that was thrown: a `HostError`'s own, or that something unforeseen happened. */
export function uiErrorOf(thrown: unknown): UiError {
  if (thrown instanceof HostError) {
    return { code: thrown.code, message: thrown.message, hint: thrown.hint };
  }
  return {
    code: "other",
    message: "Something went wrong inside Pulse Keys.",
    hint: "Try again; if it stays, restart the app.",
  };
}

export const HostContext = createContext<Host | null>(null);

export function useHost(): Host {
  const host = useContext(HostContext);
  if (host === null) throw new Error("HostContext is missing");
  return host;
}
