/** The host behind the real window: Tauri's invoke, with its rejections turned into `HostError`. */
import { Channel, invoke } from "@tauri-apps/api/core";
import type { Commands, ErrorCode, UiError } from "../bindings";
import { HostError, uiErrorOf, type CommandName, type Host } from "./host";

const codes: Record<ErrorCode, true> = {
  address: true,
  credential: true,
  name: true,
  abilities: true,
  team: true,
  unauthorized: true,
  offline: true,
  rate_limited: true,
  keychain: true,
  token_missing: true,
  stale: true,
  in_browser: true,
  other: true,
};

function isUiError(thrown: unknown): thrown is UiError {
  if (typeof thrown !== "object" || thrown === null) return false;
  const { code, message, hint } = thrown as Record<keyof UiError, unknown>;
  return typeof code === "string" && code in codes && typeof message === "string" && typeof hint === "string";
}

export const tauriHost: Host = {
  async call<N extends CommandName>(
    name: N,
    request: Commands[N]["request"],
    onProgress?: (progress: Commands[N]["progress"]) => void,
  ) {
    const args: Record<string, unknown> = request === null ? {} : { request };
    if (onProgress !== undefined) args.progress = new Channel<Commands[N]["progress"]>(onProgress);
    try {
      return await invoke<Commands[N]["answer"]>(name, args);
    } catch (thrown) {
      throw new HostError(isUiError(thrown) ? thrown : uiErrorOf(thrown));
    }
  },
};
