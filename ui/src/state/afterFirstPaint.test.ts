import { describe, expect, it, vi } from "vitest";
import type { CommandName, Host } from "../host/host";
import { markPainted } from "../lib/painted";
import { afterFirstPaint } from "./afterFirstPaint";

describe("calls of a page that has a list to show", () => {
  it("wait until it is painted, and go out in their order", async () => {
    const called: CommandName[] = [];
    const call: Host["call"] = (name) => {
      called.push(name);
      return new Promise(() => undefined);
    };
    const host = afterFirstPaint({ call }, "list of this test");
    void host.call("state", null);
    void host.call("custody", null);
    await Promise.resolve();
    expect(called).toEqual([]);
    markPainted("list of this test");
    await vi.waitFor(() => expect(called).toEqual(["state", "custody"]));
    void host.call("first_state", null);
    expect(called).toHaveLength(3);
  });
});
