import { act, fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { ModalPart } from "../components/ModalPart";
import { PanelPart } from "../components/PanelPart";
import { deferred } from "../testing/fakeHost";
import { Part } from "./part";

function Sheet({ name }: { name: string }) {
  return <p>Sheet of {name}</p>;
}

type SheetComponent = typeof Sheet;

/** A part that loads when the test says so, each time anew. */
function heldBack() {
  const loads: ReturnType<typeof deferred<SheetComponent>>[] = [];
  const part = new Part<{ name: string }>(() => {
    const load = deferred<SheetComponent>();
    loads.push(load);
    return load.promise;
  });
  return { part, loads };
}

function open(part: Part<{ name: string }>, onDismiss = vi.fn()) {
  const opened = (
    <ModalPart part={part} onDismiss={onDismiss}>
      {(Component) => <Component name="Bravo" />}
    </ModalPart>
  );
  return { ...render(opened), onDismiss };
}

/** With what follows from it on screen. */
const after = (change: () => void) =>
  act(async () => {
    change();
    await Promise.resolve();
  });

describe("a part", () => {
  it("is loaded once, however often it is asked for", async () => {
    const { part, loads } = heldBack();
    const both = [part.load(), part.load()];
    loads[0]?.resolve(Sheet);
    await Promise.all(both);
    await part.load();
    expect(loads).toHaveLength(1);
    expect(part.isReady()).toBe(true);
  });

  it("is tried again after a failure", async () => {
    const { part, loads } = heldBack();
    const first = part.load();
    loads[0]?.reject(new Error("gone"));
    await first;
    expect(part.isReady()).toBe(false);
    const second = part.load();
    loads[1]?.resolve(Sheet);
    await second;
    expect(part.isReady()).toBe(true);
  });
});

describe("a dialog that is a part", () => {
  it("shows at once where it was loaded before", async () => {
    const { part, loads } = heldBack();
    const load = part.load();
    loads[0]?.resolve(Sheet);
    await load;
    open(part);
    expect(screen.getByText("Sheet of Bravo")).toBeInTheDocument();
  });

  it("takes all keys while it loads, so that what is pressed twice is done once", async () => {
    const { part, loads } = heldBack();
    const heard = vi.fn();
    window.addEventListener("keydown", heard);
    const { onDismiss } = open(part);
    fireEvent.keyDown(document.body, { key: "Delete" });
    expect(heard).not.toHaveBeenCalled();
    expect(onDismiss).not.toHaveBeenCalled();
    await after(() => loads[0]?.resolve(Sheet));
    expect(screen.getByText("Sheet of Bravo")).toBeInTheDocument();
    fireEvent.keyDown(document.body, { key: "Delete" });
    expect(heard).toHaveBeenCalledOnce();
    window.removeEventListener("keydown", heard);
  });

  it("is put away by Esc while it loads", () => {
    const { part } = heldBack();
    const { onDismiss } = open(part);
    fireEvent.keyDown(document.body, { key: "Escape" });
    expect(onDismiss).toHaveBeenCalledOnce();
  });

  it("says that it could not be loaded, and tries again", async () => {
    const { part, loads } = heldBack();
    const { onDismiss } = open(part);
    await after(() => loads[0]?.reject(new Error("gone")));
    const dialog = screen.getByRole("alertdialog", { name: "This part could not be loaded" });
    const retry = screen.getByRole("button", { name: "Try again" });
    expect(retry).toHaveFocus();
    fireEvent.keyDown(dialog, { key: "Tab" });
    expect(screen.getByRole("button", { name: "Close" })).toHaveFocus();
    fireEvent.keyDown(dialog, { key: "Escape" });
    expect(onDismiss).toHaveBeenCalledOnce();
    fireEvent.click(retry);
    await after(() => loads[1]?.resolve(Sheet));
    expect(screen.getByText("Sheet of Bravo")).toBeInTheDocument();
  });
});

describe("a tab that is a part", () => {
  it("says that it could not be loaded, and tries again", async () => {
    const { part, loads } = heldBack();
    render(<PanelPart part={part}>{(Component) => <Component name="Bravo" />}</PanelPart>);
    await after(() => loads[0]?.reject(new Error("gone")));
    expect(screen.getByRole("alert")).toHaveTextContent("This part could not be loaded");
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await after(() => loads[1]?.resolve(Sheet));
    expect(screen.getByText("Sheet of Bravo")).toBeInTheDocument();
  });
});
