/**
 * Creations and rotations that the service takes long to answer, and sheets that are left meanwhile. The clock stands
 * still from the moment when they begin, and passes only as a test says; how busy the machine is does not matter.
 */
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { CreateOutcome, Notice, RotateOutcome, TokenInCustody, WindowEvent } from "../bindings";
import { HostError } from "../host/host";
import { deferred, type Script } from "../testing/fakeHost";
import { findRow, getButton, renderApp, shownNames, signedIn, violations } from "../testing/render";
import { account, daysAgo, errors, keyRow } from "../testing/samples";
import { createForm, rotateCard, token } from "../testing/sheetSamples";

const SLOW = /PulseAPI has not answered yet\. Pulse Keys waits up to a minute\./;
const ci = keyRow({ id: "2", lastEight: "0ld0ld00", lastUsedAt: daysAgo(3) });
const other = keyRow({ id: "3", name: "other", lastEight: "33333333", lastUsedAt: daysAgo(4) });

const pass = (seconds: number) => act(() => vi.advanceTimersByTimeAsync(seconds * 1000));
/** Presses at once, with the clock standing still. */
const press = async (name: string) => {
  fireEvent.click(getButton(name));
  await pass(0.001);
};
const settle = (how: () => void) =>
  act(async () => {
    how();
    await Promise.resolve();
  });
const toasts = () => screen.getByRole("region", { name: "Notifications" });
const notices = () => screen.getByRole("region", { name: "Notices" });

/** Custody that holds what arrives; the script's tokens are those of the app. */
function app(changes: Script) {
  const tokens: TokenInCustody[] = [];
  let send: (event: WindowEvent) => void = () => undefined;
  const opened = renderApp(
    signedIn([ci, other], {
      custody: () => ({ tokens }),
      create_form: () => createForm(),
      rotate_card: () => rotateCard({ key: ci }),
      attach_window: (_, onEvent) => {
        send = onEvent;
        return null;
      },
      ...changes,
    }),
  );
  return { ...opened, tokens, send: (event: WindowEvent) => act(() => send(event)) };
}

async function startCreation() {
  const answer = deferred<CreateOutcome>();
  const opened = app({ create_key: () => answer.promise });
  await findRow("CI/CD Pipeline");
  await opened.user.click(getButton("Create API key"));
  await opened.user.click(await screen.findByRole("checkbox", { name: "monitors:read" }));
  await opened.user.type(screen.getByLabelText("Name"), "Deploy bot");
  vi.useFakeTimers();
  await press("Create key");
  return { ...opened, answer };
}

async function startRotation(changes: Script = {}) {
  const answer = deferred<RotateOutcome>();
  const opened = app({ rotate_key: () => answer.promise, ...changes });
  await opened.user.click(await findRow("CI/CD Pipeline"));
  await opened.user.keyboard("{Control>}{Shift>}r{/Shift}{/Control}");
  await opened.user.click(await screen.findByRole("radio", { name: "The token leaked" }));
  vi.useFakeTimers();
  await press("Rotate key…");
  return { ...opened, answer };
}

async function leave() {
  await pass(10);
  await press("Leave it running");
  vi.useRealTimers();
  expect(screen.queryByRole("dialog")).toBeNull();
}

/** A rotation whose request has left, and whose sheet was left. */
async function leftRotation(changes: Script = {}) {
  const started = await startRotation(changes);
  started.send({ kind: "request_sent" });
  await leave();
  return started;
}

describe("a slow creation", () => {
  it("says so after ten seconds, not before, and can be left then", async () => {
    const { host, answer } = await startCreation();
    await pass(9);
    expect(screen.queryByText(SLOW)).toBeNull();
    expect(getButton("Cancel")).toBeDisabled();
    await pass(1);
    expect(screen.getByText(SLOW)).toBeVisible();
    expect(getButton("Leave it running")).toBeEnabled();
    vi.useRealTimers();
    expect(await violations()).toEqual([]);
    // A user who stays sees the token as ever.
    await settle(() => answer.resolve({ kind: "created", token: token({ key: "9", name: "Deploy bot" }) }));
    expect(await screen.findByRole("dialog", { name: "New token of “Deploy bot”" })).toBeVisible();
    expect(host.sent("create_key")).toHaveLength(1);
  });

  it("left: opens nothing when the token comes, says so, and leads to it", async () => {
    const { answer, tokens, user, host } = await startCreation();
    await leave();
    const lists = host.sent("refresh_keys").length;
    const fresh = token({ key: "9", name: "Deploy bot" });
    tokens.push(fresh);
    await settle(() => answer.resolve({ kind: "created", token: fresh }));
    expect(await within(toasts()).findByText("The token of “Deploy bot” has arrived.")).toBeVisible();
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(await screen.findByText("1 token is waiting for you.")).toBeVisible();
    await user.click(within(toasts()).getByRole("button", { name: "Open" }));
    expect(await screen.findByRole("dialog", { name: "New token of “Deploy bot”" })).toBeVisible();
    expect(screen.queryByText(/has arrived/)).toBeNull();
    await waitFor(() => expect(host.sent("refresh_keys").length).toBeGreaterThan(lists));
  });

  it("left: what was refused stays to be read, with what was typed", async () => {
    const { answer, user } = await startCreation();
    await leave();
    vi.useFakeTimers();
    await settle(() => answer.resolve({ kind: "not_created", errors: [errors.rateLimited] }));
    const words = /Creating “Deploy bot”: PulseAPI asks for a pause/;
    await pass(0.001);
    expect(within(toasts()).getByText(words)).toBeVisible();
    await pass(60);
    expect(within(toasts()).queryByText(words)).toBeNull();
    vi.useRealTimers();
    expect(within(notices()).getByRole("alert")).toHaveTextContent(words);
    await user.click(getButton("Create API key"));
    expect(screen.getByLabelText("Name")).toHaveValue("Deploy bot");
  });

  it.each<[string, CreateOutcome, RegExp]>([
    [
      "token lost",
      { kind: "token_lost", message: "Its token got lost.", next: null },
      /^Its token got lost\.$/,
    ],
    [
      "unknown",
      { kind: "unknown", error: errors.offline },
      /^Creating “Deploy bot”: PulseAPI can’t be reached/,
    ],
  ])("left, %s: is told, and what the app has to say of it is asked for", async (_, outcome, words) => {
    const { answer, host } = await startCreation();
    await leave();
    host.script.reconcile = () => [
      { id: "i", needsAttention: true, message: "Kept until it is read.", next: null },
    ];
    await settle(() => answer.resolve(outcome));
    expect(await within(toasts()).findByText(words)).toBeVisible();
    expect(await screen.findByText("Kept until it is read.")).toBeVisible();
  });

  it("left: a call that failed stays to be read", async () => {
    const { answer } = await startCreation();
    await leave();
    await settle(() => answer.reject(new HostError(errors.other)));
    expect(await screen.findByRole("region", { name: "Notices" })).toHaveTextContent(errors.other.message);
  });
});

describe("a slow rotation", () => {
  it("waits for the user however long that takes, and counts from when the request left", async () => {
    const { answer, send } = await startRotation();
    await pass(120);
    expect(screen.getByText("Waiting for your answer in the dialog…")).toBeVisible();
    expect(getButton("Cancel")).toBeDisabled();
    send({ kind: "request_sent" });
    expect(screen.getByText("Waiting for PulseAPI…")).toBeVisible();
    await pass(9);
    expect(screen.queryByText(SLOW)).toBeNull();
    await pass(1);
    expect(screen.getByText(SLOW)).toBeVisible();
    vi.useRealTimers();
    expect(await violations()).toEqual([]);
    await settle(() => answer.resolve({ kind: "unknown", error: errors.offline }));
    expect(await screen.findByText(errors.offline.message)).toBeVisible();
    expect(screen.queryByText(SLOW)).toBeNull();
    expect(getButton("Cancel")).toBeEnabled();
  });

  it("begins at the dialog again when it is sent again", async () => {
    const { answer, send, user, host } = await startRotation();
    send({ kind: "request_sent" });
    vi.useRealTimers();
    await settle(() => answer.resolve({ kind: "not_rotated", error: errors.rateLimited }));
    await screen.findByText(errors.rateLimited.message);
    host.script.rotate_key = () => deferred<RotateOutcome>().promise;
    await user.click(getButton("Rotate key…"));
    expect(await screen.findByText("Waiting for your answer in the dialog…")).toBeVisible();
  });

  it("left: the row has its new tail and the token waits, beside what went wrong", async () => {
    const { answer, tokens, host } = await leftRotation();
    host.script.refresh_keys = () => Promise.reject(new HostError(errors.offline));
    const fresh = token({ key: "2", origin: "rotated" });
    tokens.push(fresh);
    await settle(() =>
      answer.resolve({ kind: "rotated", token: fresh, trouble: errors.keychain, written: null }),
    );
    expect(await within(toasts()).findByText("The token of “CI/CD Pipeline” has arrived.")).toBeVisible();
    expect(await screen.findByText("1 token is waiting for you.")).toBeVisible();
    expect(await findRow("CI/CD Pipeline")).toHaveTextContent("…ab12cd34");
    expect(notices()).toHaveTextContent(errors.keychain.message);
  });

  it("left over another sheet: opens nothing over it", async () => {
    const { answer, tokens, user } = await leftRotation();
    await user.click(getButton("Create API key"));
    const fresh = token({ key: "2", origin: "rotated" });
    tokens.push(fresh);
    await settle(() => answer.resolve({ kind: "rotated", token: fresh, trouble: null, written: null }));
    expect(await within(toasts()).findByText(/has arrived/)).toBeVisible();
    expect(screen.getByRole("dialog")).toHaveAccessibleName("Create API key");
  });

  it("left: a key that is gone leaves the list, and that stays to be read", async () => {
    const { answer, host } = await leftRotation();
    host.script.refresh_keys = () => Promise.reject(new HostError(errors.offline));
    await settle(() => answer.resolve({ kind: "gone", message: "Somebody has deleted it." }));
    await waitFor(() => expect(shownNames()).toEqual(["other"]));
    expect(notices()).toHaveTextContent("Somebody has deleted it.");
  });

  it("left, token lost: leads to rotating again", async () => {
    const lost: Notice = {
      id: "i",
      needsAttention: true,
      message: "Its new token got lost.",
      next: { kind: "rotate", account: account().id, key: "2" },
    };
    const { answer, host, user } = await leftRotation();
    host.script.reconcile = () => [lost];
    await settle(() => answer.resolve({ kind: "token_lost", message: lost.message, next: lost.next }));
    await user.click(await screen.findByRole("button", { name: "Rotate again…" }));
    expect(await screen.findByRole("dialog", { name: "Rotate “CI/CD Pipeline”?" })).toBeVisible();
  });

  it("left: what was not rotated stays to be read", async () => {
    const { answer } = await leftRotation();
    await settle(() => answer.resolve({ kind: "not_rotated", error: errors.other }));
    expect(await screen.findByRole("region", { name: "Notices" })).toHaveTextContent(
      /Rotating “CI\/CD Pipeline”: The server answered with an error/,
    );
  });
});
