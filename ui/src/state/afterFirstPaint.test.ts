import { describe, expect, it, vi } from "vitest";
import type { CommandName, Host } from "../host/host";

describe("calls of a page that has a list to show", () => {
  it("wait until it is painted, and go out in their order", async () => {
    // A page on which nothing was painted yet.
    vi.resetModules();
    performance.clearMarks("list");
    const { markPainted } = await import("../lib/painted");
    const { afterFirstPaint } = await import("./afterFirstPaint");
    const called: CommandName[] = [];
    const call: Host["call"] = (name) => {
      called.push(name);
      return new Promise(() => undefined);
    };
    const host = afterFirstPaint({ call });
    void host.call("state", null);
    void host.call("custody", null);
    await Promise.resolve();
    expect(called).toEqual([]);
    markPainted("list");
    await vi.waitFor(() => expect(called).toEqual(["state", "custody"]));
    void host.call("first_state", null);
    expect(called).toHaveLength(3);
  });
});
