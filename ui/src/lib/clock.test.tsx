import { Profiler } from "react";
import { act, render, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { useTime } from "./clock";
import { relative } from "./time";

const NOON = Date.parse("2026-11-22T12:00:00Z");

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(NOON);
});

function Age({ of }: { of: string }) {
  return <p>{useTime(of, relative)}</p>;
}

function ago(seconds: number): string {
  return new Date(NOON - seconds * 1000).toISOString();
}

function isVisible(visible: boolean) {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(visible ? "visible" : "hidden");
  act(() => void document.dispatchEvent(new Event("visibilitychange")));
}

const passes = (seconds: number) => act(() => vi.advanceTimersByTimeAsync(seconds * 1000));

describe("an age on screen", () => {
  it("changes when its words do, and is drawn no more often", async () => {
    const drawn = vi.fn();
    render(
      <Profiler id="age" onRender={drawn}>
        <Age of={ago(5 * 60 + 30)} />
      </Profiler>,
    );
    expect(screen.getByText("5 min ago")).toBeInTheDocument();
    await passes(29);
    expect(drawn).toHaveBeenCalledOnce();
    await passes(2);
    expect(screen.getByText("6 min ago")).toBeInTheDocument();
    expect(drawn).toHaveBeenCalledTimes(2);
  });

  it("wakes nobody for a minute after the list has come", async () => {
    render(<Age of={ago(0)} />);
    const timers = vi.spyOn(globalThis, "setTimeout");
    await passes(59);
    expect(timers).not.toHaveBeenCalled();
    await passes(2);
    expect(screen.getByText("1 min ago")).toBeInTheDocument();
  });

  it("needs one timer, however many there are", () => {
    render(
      <>
        <Age of={ago(90)} />
        <Age of={ago(3 * 60 * 60)} />
        <Age of={ago(40 * 24 * 60 * 60)} />
      </>,
    );
    expect(vi.getTimerCount()).toBe(1);
  });

  it("needs none while nobody can see it, and is right when it is seen again", async () => {
    render(<Age of={ago(60)} />);
    isVisible(false);
    expect(vi.getTimerCount()).toBe(0);
    await passes(10 * 60);
    expect(screen.getByText("1 min ago")).toBeInTheDocument();
    isVisible(true);
    expect(screen.getByText("11 min ago")).toBeInTheDocument();
  });

  it("leaves no timer behind", () => {
    const { unmount } = render(<Age of={ago(60)} />);
    unmount();
    expect(vi.getTimerCount()).toBe(0);
  });
});
