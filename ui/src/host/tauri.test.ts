import { beforeEach, expect, it, vi } from "vitest";
import { HostError } from "./host";
import { tauriHost } from "./tauri";

const invoke = vi.hoisted(() => vi.fn());
vi.mock("@tauri-apps/api/core", () => ({
  invoke,
  Channel: class {
    readonly onmessage: unknown;
    constructor(onmessage: unknown) {
      this.onmessage = onmessage;
    }
  },
}));

beforeEach(() => {
  invoke.mockReset();
});

it("sends no arguments where a command takes none", async () => {
  invoke.mockResolvedValue({ version: "1" });
  await expect(tauriHost.call("first_state", null)).resolves.toEqual({ version: "1" });
  expect(invoke).toHaveBeenCalledWith("first_state", {});
});

it("sends the request, and a channel where progress is wanted", async () => {
  invoke.mockResolvedValue({ fetchedAt: "", total: 0 });
  const onProgress = vi.fn();
  await tauriHost.call("refresh_keys", { account: "1" }, onProgress);
  expect(invoke).toHaveBeenCalledWith("refresh_keys", {
    request: { account: "1" },
    progress: expect.objectContaining({ onmessage: onProgress }) as unknown,
  });
});

it("passes the app’s own errors on", async () => {
  invoke.mockRejectedValue({ code: "offline", message: "No network.", hint: "Check it." });
  const error = await tauriHost.call("first_state", null).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HostError);
  expect(error).toMatchObject({ code: "offline", message: "No network.", hint: "Check it." });
});

it.each([
  "command first_state not allowed by ACL",
  new Error("boom"),
  { code: "new", message: "", hint: "" },
  null,
])("turns anything else into “other”, without its words (%s)", async (thrown) => {
  invoke.mockRejectedValue(thrown);
  await expect(tauriHost.call("first_state", null)).rejects.toMatchObject({
    code: "other",
    message: "Something went wrong inside Pulse Keys.",
  });
});
