import { act, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { AppState, CachedKeys, Handover } from "../bindings";
import { takeHandover } from "../host/handover";
import { createClient } from "../state/createClient";
import { seed } from "../state/seed";
import { deferred, type Script } from "../testing/fakeHost";
import { failing, findRow, renderApp, shownNames, signedIn, violations } from "../testing/render";
import { account, appState, errors, keyRow, sampleKeys } from "../testing/samples";
import { token } from "../testing/sheetSamples";

const WORDS = "Waiting for the keychain…";
const waiting = (changes: Partial<AppState> = {}) => appState({ keychain: { kind: "waiting" }, ...changes });
const cached = (): CachedKeys => ({
  account: account().id,
  keys: sampleKeys(),
  fetchedAt: "2026-11-22T14:00:00Z",
  incomplete: null,
});

function held(changes: Script = {}) {
  const answer = deferred<AppState>();
  const app = renderApp(
    signedIn(undefined, {
      first_state: () => waiting(),
      state: () => answer.promise,
      cached_keys: cached,
      ...changes,
    }),
  );
  return { ...app, answer };
}

describe("while the keychain has not answered", () => {
  it("shows what is remembered, says so, and asks for nothing that needs it", async () => {
    const { host } = held({ custody: () => ({ tokens: [token()] }) });
    await findRow("CI/CD Pipeline");
    expect(await screen.findByText(WORDS)).toBeVisible();
    expect(await screen.findByText("1 token is waiting for you.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Open" })).toBeDisabled();
    expect(screen.getByRole("button", { name: "Create API key" })).toBeDisabled();
    expect(screen.getByRole("button", { name: /^Refresh/ })).toBeDisabled();
    expect(screen.queryByRole("dialog")).toBeNull();
    for (const name of ["refresh_keys", "reconcile", "watch_revocations", "reveal_token"] as const) {
      expect(host.sent(name)).toEqual([]);
    }
    expect(host.sent("state")).toHaveLength(1);
    expect(await violations()).toEqual([]);
  });

  it("offers no write, by key, by menu or by the card", async () => {
    const { user } = held();
    const row = await findRow("CI/CD Pipeline");
    await screen.findByText(WORDS);
    await user.click(row);
    await user.keyboard("{Delete}{Control>}n{/Control}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await user.keyboard("{Shift>}{F10}{/Shift}");
    const items = await screen.findAllByRole("menuitem");
    const off = items.filter((item) => item.getAttribute("aria-disabled") === "true");
    expect(off.map((item) => item.textContent)).toEqual([
      expect.stringMatching(/^Duplicate…Waiting/),
      expect.stringMatching(/^Rotate…Waiting/),
      expect.stringMatching(/^Swap without a gap…Waiting/),
      expect.stringMatching(/^Delete…Waiting/),
    ]);
    await user.keyboard("{Escape}{Enter}");
    expect(await screen.findByRole("button", { name: "Rotate…" })).toBeDisabled();
    expect(screen.getByRole("button", { name: "Delete…" })).toBeDisabled();
  });

  it("goes on by itself once it answers", async () => {
    const { host, answer } = held();
    await findRow("CI/CD Pipeline");
    await screen.findByText(WORDS);
    await act(async () => {
      answer.resolve(appState());
      await answer.promise;
    });
    await waitFor(() => expect(host.sent("refresh_keys")).toHaveLength(1));
    await waitFor(() => expect(host.sent("reconcile")).toHaveLength(1));
    await waitFor(() => expect(host.sent("watch_revocations")).toHaveLength(1));
    expect(screen.queryByText(WORDS)).toBeNull();
    expect(screen.getByRole("button", { name: "Create API key" })).toBeEnabled();
  });

  it("opens the token that waits only then", async () => {
    const { answer } = held({ custody: () => ({ tokens: [token()] }) });
    await screen.findByText("1 token is waiting for you.");
    await screen.findByText(WORDS);
    expect(screen.queryByRole("dialog")).toBeNull();
    answer.resolve(appState());
    expect(await screen.findByRole("dialog")).toBeVisible();
  });

  it("shows what a keychain that is missing shows", async () => {
    const { answer } = held();
    await findRow("CI/CD Pipeline");
    answer.resolve(appState({ accounts: [], keychain: { kind: "unavailable", problem: errors.keychain } }));
    expect(await screen.findByRole("button", { name: "Continue for this session only" })).toBeVisible();
  });

  it("leaves the list where a dismissed prompt left it", async () => {
    const { answer } = held({ refresh_keys: failing(errors.keychain) });
    await findRow("CI/CD Pipeline");
    answer.resolve(appState());
    expect(await screen.findByText(new RegExp(errors.keychain.message))).toBeVisible();
    expect(await findRow("CI/CD Pipeline")).toBeVisible();
    expect(screen.getByRole("button", { name: "Retry" })).toBeEnabled();
  });

  it("says so in the list’s place where nothing is remembered", async () => {
    held({ cached_keys: () => ({ account: account().id, keys: [], fetchedAt: null, incomplete: null }) });
    expect(await screen.findByRole("heading", { name: WORDS })).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it("shows the first screen where nobody is signed in, with its ways in off", async () => {
    const { answer } = held({ first_state: () => waiting({ accounts: [] }) });
    expect(await screen.findByLabelText("Address")).toBeVisible();
    expect(await screen.findByText(WORDS)).toBeVisible();
    expect(screen.getByRole("button", { name: "Connect" })).toBeDisabled();
    expect(screen.getByRole("button", { name: "Try the sandbox" })).toBeDisabled();
    answer.resolve(appState({ accounts: [] }));
    await waitFor(() => expect(screen.getByRole("button", { name: "Connect" })).toBeEnabled());
    expect(screen.queryByText(WORDS)).toBeNull();
  });

  it("shows the first screen before the sandbox only where that takes long", async () => {
    held({ first_state: () => waiting({ accounts: [], beginsInSandbox: true }) });
    await waitFor(() => expect(document.body).toHaveTextContent(""));
    expect(screen.queryByLabelText("Address")).toBeNull();
    expect(await screen.findByLabelText("Address", {}, { timeout: 3000 })).toBeVisible();
  });
});

describe("what the app hands over", () => {
  const given = (changes: Partial<Handover> = {}): Handover => ({
    state: waiting(),
    keys: { ...cached(), total: sampleKeys().length },
    custody: { tokens: [] },
    notes: null,
    ...changes,
  });
  const over = (text: string) => {
    const element = document.createElement("script");
    element.type = "application/json";
    element.id = "handover";
    element.textContent = text;
    document.body.append(element);
  };

  it("is taken once, and anything else is not taken", () => {
    over(JSON.stringify(given()));
    expect(takeHandover()).toEqual(given());
    expect(takeHandover()).toBeNull();
    over("{");
    expect(takeHandover()).toBeNull();
    expect(document.getElementById("handover")).toBeNull();
  });

  it("draws the first screen without a question", () => {
    const client = createClient();
    seed(client, given());
    const { host } = renderApp(signedIn(undefined, { state: () => new Promise(() => undefined) }), client);
    expect(shownNames().length).toBeGreaterThan(0);
    expect(host.sent("first_state")).toEqual([]);
    expect(screen.getByText(`${sampleKeys().length} keys`)).toBeVisible();
  });

  it("counts a long list by what it has, and asks for the rest of it", async () => {
    const client = createClient();
    const all = Array.from({ length: 300 }, (_, place) => keyRow({ id: `${place}`, name: `key ${place}` }));
    seed(client, given({ keys: { ...cached(), keys: all.slice(0, 100), total: 300 } }));
    const { host } = renderApp(
      signedIn(all, { state: () => appState(), cached_keys: () => ({ ...cached(), keys: all }) }),
      client,
    );
    expect(screen.getByText("300 keys")).toBeVisible();
    expect(host.sent("cached_keys")).toEqual([]);
    await waitFor(() => expect(screen.getByRole("grid")).toHaveAttribute("aria-rowcount", "301"));
    await waitFor(() => expect(host.sent("refresh_keys")).toHaveLength(1));
  });
});
