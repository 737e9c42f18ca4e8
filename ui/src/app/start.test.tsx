import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { AppState, UiError } from "../bindings";
import { HostError } from "../host/host";
import { deferred } from "../testing/fakeHost";
import { failing, findRow, renderApp, signedIn, violations } from "../testing/render";
import { account, appState, errors } from "../testing/samples";

const SECRET = "12|s3cr3tTokenOfTheAdministrator";
const empty = () => appState({ accounts: [] });

async function connectWith(error: UiError) {
  const app = renderApp({ first_state: empty, connect: failing(error) });
  const address = await screen.findByLabelText("Address");
  await app.user.clear(address);
  await app.user.type(address, "https://pulse.example/v1");
  await app.user.type(screen.getByLabelText("API key"), SECRET);
  await app.user.click(screen.getByRole("button", { name: "Connect" }));
  await screen.findByText(new RegExp(error.message.slice(0, 20)));
  return { ...app, address, credential: screen.getByLabelText("API key") };
}

describe("first start", () => {
  it("offers the documented address and both ways in", async () => {
    renderApp({ first_state: empty });
    expect(await screen.findByLabelText("Address")).toHaveValue("https://api.pulseapi.io/v1");
    expect(screen.getByLabelText("API key")).toHaveAttribute("type", "password");
    expect(screen.getByRole("button", { name: "Try the sandbox" })).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it.each([errors.address, errors.offline])(
    "says at the address what is wrong with it ($code)",
    async (error) => {
      const { address, credential } = await connectWith(error);
      expect(address).toBeInvalid();
      expect(address).toHaveAccessibleDescription(expect.stringContaining(error.message));
      expect(address).toHaveFocus();
      expect(credential).toBeValid();
      expect(await violations()).toEqual([]);
    },
  );

  it.each([errors.credential, errors.unauthorized])(
    "says at the credential what is wrong with it ($code)",
    async (error) => {
      const { address, credential } = await connectWith(error);
      expect(credential).toBeInvalid();
      expect(credential).toHaveAccessibleDescription(expect.stringContaining(error.message));
      expect(credential).toHaveFocus();
      expect(address).toBeValid();
    },
  );

  it.each([errors.rateLimited, errors.keychain, errors.other])(
    "tells other failures for the form ($code)",
    async (error) => {
      const { address, credential } = await connectWith(error);
      expect(address).toBeValid();
      expect(credential).toBeValid();
      expect(screen.getAllByRole("alert").map((each) => each.textContent)).toContain(
        `${error.message} ${error.hint}`,
      );
    },
  );

  it.each(Object.values(errors))("keeps what was typed ($code)", async (error) => {
    const { address, credential } = await connectWith(error);
    expect(address).toHaveValue("https://pulse.example/v1");
    expect(credential).toHaveValue(SECRET);
  });

  it("asks for what is missing without asking the service", async () => {
    const { host, user } = renderApp({ first_state: empty });
    await user.click(await screen.findByRole("button", { name: "Connect" }));
    expect(screen.getByLabelText("API key")).toBeInvalid();
    expect(host.sent("connect")).toEqual([]);
  });

  it("sends once, however often it is pressed", async () => {
    const answer = deferred<AppState>();
    const { host, user } = renderApp({ first_state: empty, connect: () => answer.promise });
    await user.type(await screen.findByLabelText("API key"), `${SECRET}{Enter}{Enter}`);
    await user.click(screen.getByRole("button", { name: /Connect/ }));
    expect(host.sent("connect")).toHaveLength(1);
    answer.reject(new HostError(errors.offline));
    await screen.findByText(/can’t be reached/);
  });

  it("leaves the credential in no cache and nowhere in the page once it worked", async () => {
    const { client, user, host } = renderApp({
      ...signedIn(),
      first_state: empty,
      connect: () => appState(),
    });
    await user.type(await screen.findByLabelText("API key"), SECRET);
    const input = screen.getByLabelText("API key");
    await user.click(screen.getByRole("button", { name: "Connect" }));
    await findRow("CI/CD Pipeline");
    expect(host.sent("connect")).toEqual([{ baseUrl: "https://api.pulseapi.io/v1", credential: SECRET }]);
    const cached = [
      ...client
        .getQueryCache()
        .getAll()
        .map(({ state, queryKey }) => ({ state, queryKey })),
      ...client
        .getMutationCache()
        .getAll()
        .map(({ state }) => state),
    ];
    expect(JSON.stringify(cached)).not.toContain(SECRET);
    expect(document.documentElement.outerHTML).not.toContain(SECRET);
    expect(input).toHaveValue("");
  });

  it("starts the sandbox", async () => {
    const sandbox = appState({ accounts: [account({ kind: "sandbox" })] });
    const { user } = renderApp({ ...signedIn(), first_state: empty, try_sandbox: () => sandbox });
    await user.click(await screen.findByRole("button", { name: "Try the sandbox" }));
    expect(await screen.findByRole("button", { name: /Account .* Sandbox/ })).toBeVisible();
    expect(screen.queryByRole("button", { name: "PulseAPI dashboard" })).toBeNull();
  });

  it("starts the one without key endpoints from the small print", async () => {
    const sandbox = appState({ accounts: [account({ kind: "sandbox", keys: "guided" })] });
    const { host, user } = renderApp({
      ...signedIn(),
      first_state: empty,
      try_sandbox: () => sandbox,
      open_dashboard: () => null,
    });
    await user.click(await screen.findByRole("button", { name: "Try it without key endpoints" }));
    expect(host.sent("try_sandbox")).toEqual([{ hasKeyEndpoints: false }]);
    // Its keys are on its web screen.
    await user.click(await screen.findByRole("button", { name: "PulseAPI dashboard" }));
    expect(host.sent("open_dashboard")).toEqual([{ account: sandbox.accounts[0]?.id }]);
  });

  it("says when the sandbox doesn’t start", async () => {
    const { user } = renderApp({ first_state: empty, try_sandbox: failing(errors.other) });
    await user.click(await screen.findByRole("button", { name: "Try the sandbox" }));
    expect(await screen.findByText(/The server answered with an error/)).toBeVisible();
  });
});

describe("a start that fails", () => {
  it("says so and tries again", async () => {
    const { host, user } = renderApp({ first_state: failing(errors.other) });
    await screen.findByRole("heading", { name: "Pulse Keys couldn’t start" });
    expect(await violations()).toEqual([]);
    host.script.first_state = empty;
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByLabelText("Address")).toBeVisible();
  });
});

describe("no keychain", () => {
  const without = () =>
    appState({ accounts: [], keychain: { kind: "unavailable", problem: errors.keychain } });

  it("says what is missing and what to do", async () => {
    renderApp({ first_state: without });
    expect(await screen.findByText(errors.keychain.message)).toBeVisible();
    expect(screen.getByText(errors.keychain.hint)).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it("goes on when the keychain is there", async () => {
    const { host, user } = renderApp({ first_state: without, state: without });
    await user.click(await screen.findByRole("button", { name: "Try again" }));
    expect(await screen.findByText("Still not there.")).toBeVisible();
    host.script.state = empty;
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByLabelText("Address")).toBeVisible();
  });

  it("goes on for this session, and keeps saying so", async () => {
    const { host, user } = renderApp({
      ...signedIn(),
      first_state: without,
      continue_for_this_session: () => appState({ accounts: [], keychain: { kind: "session_only" } }),
      try_sandbox: () => appState({ keychain: { kind: "session_only" } }),
    });
    await user.click(await screen.findByRole("button", { name: "Continue for this session only" }));
    expect(await screen.findByText(/For this session only/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Try the sandbox" }));
    expect(await screen.findByText("No keychain: this session only")).toBeVisible();
    await waitFor(() => expect(host.sent("continue_for_this_session")).toHaveLength(1));
  });
});
