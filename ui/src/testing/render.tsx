/** The whole app in front of a scripted host, as a user would use it. */
import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { App } from "../app/App";
import { loadParts } from "../lib/part";
import { createClient } from "../state/createClient";
import { HostContext, HostError } from "../host/host";
import type { KeyRow, UiError } from "../bindings";
import { fakeHost, type Script } from "./fakeHost";
import { appState, sampleKeys } from "./samples";

// As soon after the first paint in the window. What is seen before that has tests of its own: see lib/part.test.tsx.
await loadParts();

/** An app that is signed in and lists `rows`. */
export function signedIn(rows: KeyRow[] = sampleKeys(), changes: Script = {}): Script {
  return {
    first_state: () => appState(),
    reconcile: () => [],
    custody: () => ({ tokens: [] }),
    write_preferences: (wanted) => appState({ preferences: wanted }),
    cached_keys: ({ account }) => ({ account, keys: [], fetchedAt: null, incomplete: null }),
    refresh_keys: (_, onProgress) => {
      onProgress({ keys: rows, loaded: rows.length, total: rows.length });
      return {
        fetchedAt: new Date().toISOString(),
        total: rows.length,
        settled: false,
        incomplete: null,
        readTwice: false,
      };
    },
    ...changes,
  };
}

export function failing(error: UiError) {
  return () => Promise.reject(new HostError(error));
}

export function renderApp(script: Script, client = createClient()) {
  const host = fakeHost(script);
  const user = userEvent.setup();
  const view = render(
    <HostContext value={host}>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </HostContext>,
  );
  return { ...view, host, client, user };
}

function rowOf(cell: HTMLElement): HTMLElement {
  const row = cell.closest<HTMLElement>("[role=row]");
  if (row === null) throw new Error("a cell without its row");
  return row;
}

/** The row of a key, by what its name cell says. */
export async function findRow(name: string | RegExp): Promise<HTMLElement> {
  return rowOf(await screen.findByRole("rowheader", { name }));
}

/** The row of a key that is there, by what its name cell says. */
export function getRow(name: string | RegExp, options: { hidden?: boolean } = {}): HTMLElement {
  return rowOf(screen.getByRole("rowheader", { name, ...options }));
}

export function getButton(name: string | RegExp): HTMLElement {
  return screen.getByRole("button", { name });
}

/** Names of the rows in their order. */
export function shownNames(): string[] {
  return screen.queryAllByRole("rowheader").map((cell) => cell.textContent);
}

/** What axe finds wrong, where jsdom can tell: it has no layout, so colours are checked elsewhere. */
export async function violations(): Promise<string[]> {
  const stylesheets = new Set(document.head.querySelectorAll("style"));
  const { violations: found } = await axe.run(
    { include: [document.body], exclude: [["[data-live-announcer]"]] },
    {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
      // Only what is wrong is read, by its markup: no selectors of every node that was looked at, no stylesheets.
      resultTypes: ["violations"],
      selectors: false,
      preload: false,
    },
  );
  // It looks for what is at a point by a stylesheet that lets the pointer through everywhere, breaks off where there is
  // no layout, and leaves the stylesheet behind.
  for (const style of document.head.querySelectorAll("style")) if (!stylesheets.has(style)) style.remove();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

export async function expectFocusOn(find: () => HTMLElement): Promise<void> {
  await waitFor(() => {
    if (document.activeElement !== find())
      throw new Error(`the focus is on ${document.activeElement?.outerHTML ?? "nothing"}`);
  });
}
