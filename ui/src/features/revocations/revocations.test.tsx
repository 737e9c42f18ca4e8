import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Revocation, RevocationConfirmed, Revocations } from "../../bindings";
import { deferred, type Script } from "../../testing/fakeHost";
import { failing, getButton, renderApp, signedIn, violations } from "../../testing/render";
import { account, appState, errors } from "../../testing/samples";

const open = (changes: Partial<Revocation> = {}): Revocation => ({
  account: account().id,
  key: "7",
  name: "CI",
  lastEight: "ab12cd34",
  own: false,
  triedAt: "2026-11-22T14:03:22Z",
  accepted: true,
  refused: false,
  inBrowser: false,
  inMemory: false,
  nextAt: new Date(Date.now() + 60_000).toISOString(),
  message: "“CI” is deleted, but PulseAPI still accepts its token.",
  ...changes,
});

const confirmed = (changes: Partial<RevocationConfirmed> = {}): RevocationConfirmed => ({
  account: account().id,
  key: "7",
  at: "2026-11-22T14:03:37Z",
  inBrowser: false,
  message: "The token of “CI” gets 401 now.",
  signedOut: null,
  ...changes,
});

/** An app whose watch the test tells from. */
function watched(changes: Script = {}) {
  let tell: (now: Revocations) => void = () => undefined;
  const app = renderApp(
    signedIn(undefined, {
      watch_revocations: (_, onProgress) => {
        tell = onProgress;
        return new Promise(() => undefined);
      },
      ...changes,
    }),
  );
  return {
    ...app,
    tell: (now: Partial<Revocations>) => act(() => tell({ open: [], confirmed: [], ...now })),
  };
}

describe("a deleted key whose token is still accepted", () => {
  it("is told with the time of the last try and of the next, counted down", async () => {
    const { host, tell } = watched();
    await waitFor(() => expect(host.sent("watch_revocations")).toHaveLength(1));
    tell({ open: [open()] });
    const words = await screen.findByText(/^“CI” is deleted, but PulseAPI still accepts its token\.$/);
    const banner = words.parentElement ?? document.body;
    expect(banner).toHaveTextContent(/Still accepted at \d\d:03:22\. Trying again at \d\d:\d\d:\d\d/);
    expect(within(banner).getByText(/\(in \d+ s\)/)).toHaveAttribute("aria-hidden", "true");
    expect(getButton("Try now")).toHaveAccessibleDescription(/still accepts its token/);
    expect(await violations()).toEqual([]);

    tell({ open: [open({ triedAt: "2026-11-22T14:08:22Z", nextAt: null })] });
    await waitFor(() =>
      expect(banner).toHaveTextContent(/Still accepted at \d\d:08:22\. Tried again at the next start\./),
    );
  });

  it("is told otherwise where the token could not be tried", async () => {
    const { tell } = watched();
    await screen.findByRole("heading", { name: "Settings" });
    tell({
      open: [open({ accepted: false, message: "“CI” is deleted, but its token could not be tried." })],
    });
    expect(await screen.findByText(/Tried at \d\d:03:22\./)).toBeVisible();
    expect(screen.queryByText(/Still accepted/)).toBeNull();
  });

  it("is tried at once, and no more, when the user says so", async () => {
    const answer = deferred<null>();
    const { host, user, tell } = watched({
      try_revocation: () => answer.promise,
      stop_revocation: () => null,
    });
    await screen.findByRole("heading", { name: "Settings" });
    tell({ open: [open()] });
    await user.click(await screen.findByRole("button", { name: "Try now" }));
    expect(host.sent("try_revocation")).toEqual([{ account: account().id, key: "7" }]);
    expect(getButton("Stop trying")).toBeDisabled();
    answer.resolve(null);
    await waitFor(() => expect(getButton("Stop trying")).toBeEnabled());
    await user.click(getButton("Stop trying"));
    expect(host.sent("stop_revocation")).toEqual([{ account: account().id, key: "7" }]);
    tell({ open: [] });
    await waitFor(() => expect(screen.queryByText(/still accepts its token/)).toBeNull());
  });

  it("says why it could not be tried", async () => {
    const { user, tell } = watched({ try_revocation: failing(errors.other) });
    await screen.findByRole("heading", { name: "Settings" });
    tell({ open: [open()] });
    await user.click(await screen.findByRole("button", { name: "Try now" }));
    expect(await screen.findByText(new RegExp(errors.other.message.slice(0, 20)))).toHaveAttribute(
      "role",
      "alert",
    );
  });

  it("says 401 confirmed with its time once it was seen, and asks custody anew", async () => {
    const { host, tell } = watched();
    await screen.findByRole("heading", { name: "Settings" });
    tell({ open: [open()] });
    await screen.findByText(/still accepts its token/);
    const before = host.sent("custody").length;
    tell({ confirmed: [confirmed()] });
    const toast = await screen.findByText("The token of “CI” gets 401 now.");
    expect(toast.parentElement).toHaveTextContent(/401 confirmed \d\d:03:37/);
    expect(screen.queryByText(/still accepts its token/)).toBeNull();
    await waitFor(() => expect(host.sent("custody").length).toBeGreaterThan(before));
    expect(await violations()).toEqual([]);
  });

  it("signs out where it was the app’s own", async () => {
    const { tell } = watched();
    await screen.findByRole("heading", { name: "Settings" });
    tell({ confirmed: [confirmed({ signedOut: appState({ accounts: [], active: null }) })] });
    expect(await screen.findByText("Connect to PulseAPI")).toBeVisible();
  });
});
