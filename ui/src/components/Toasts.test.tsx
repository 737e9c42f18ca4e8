import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { ToastProvider, useToast } from "./Toasts";

beforeEach(() => void vi.useFakeTimers());

function Telling({ messages }: { messages: readonly string[] }) {
  const toast = useToast();
  return <button onClick={() => messages.forEach((message) => toast({ message }))}>Tell</button>;
}

function tell(...messages: string[]) {
  render(
    <ToastProvider>
      <Telling messages={messages} />
    </ToastProvider>,
  );
  fireEvent.click(screen.getByText("Tell"));
}

const wait = (seconds: number) => {
  act(() => {
    vi.advanceTimersByTime(seconds * 1000);
  });
};
const shown = () => screen.queryAllByText(/^\w+ was done$/).map(({ textContent }) => textContent);

it("shows the latest in front, at most three, each with a time of its own", () => {
  tell("A was done", "B was done", "C was done", "D was done");
  expect(shown()).toEqual(["D was done", "C was done", "B was done"]);
  wait(9);
  expect(shown()).toEqual(["C was done", "B was done"]);
  wait(8);
  expect(shown()).toEqual(["C was done", "B was done"]);
  wait(1);
  expect(shown()).toEqual(["B was done"]);
});

it("goes with what is done about it", () => {
  const onPress = vi.fn();
  function Offering() {
    const toast = useToast();
    const action = { label: "Open", onPress };
    return <button onClick={() => toast({ message: "A was done", action })}>Tell</button>;
  }
  render(
    <ToastProvider>
      <Offering />
    </ToastProvider>,
  );
  fireEvent.click(screen.getByText("Tell"));
  fireEvent.click(screen.getByRole("button", { name: "Open" }));
  expect(onPress).toHaveBeenCalledOnce();
  expect(shown()).toEqual([]);
});

it("lets no time pass while they are looked at", () => {
  tell("A was done", "B was done");
  const region = screen.getByRole("region", { name: "Notifications" });
  fireEvent.pointerEnter(region);
  wait(60);
  expect(shown()).toHaveLength(2);
  fireEvent.pointerLeave(region);
  wait(9);
  expect(shown()).toEqual(["A was done"]);
});
