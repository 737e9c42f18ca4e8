import { describe, expect, it, vi } from "vitest";
import type { Host } from "./host";

describe("calls of a page that has a list to show", () => {
  it("wait until it is painted, and go out in their order", async () => {
    // A page on which nothing was painted yet.
    vi.resetModules();
    performance.clearMarks("list");
    const { markPainted } = await import("../lib/painted");
    const { afterFirstPaint } = await import("./afterFirstPaint");
    const call = vi.fn((_name: string) => Promise.resolve(null));
    const host = afterFirstPaint({ call } as unknown as Host);
    const answers = Promise.all([host.call("state", null), host.call("custody", null)]);
    await Promise.resolve();
    expect(call).not.toHaveBeenCalled();
    markPainted("list");
    await answers;
    expect(call.mock.calls.map(([name]) => name)).toEqual(["state", "custody"]);
    await host.call("first_state", null);
    expect(call).toHaveBeenCalledTimes(3);
  });
});
