/** Newer versions: off unless turned on, told quietly, put away for good. */
import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { UpdatesView } from "../../bindings";
import type { Script } from "../../testing/fakeHost";
import { expectFocusOn, failing, findRow, renderApp, signedIn, violations } from "../../testing/render";
import { appState, errors, preferences } from "../../testing/samples";

type Newer = Extract<UpdatesView, { kind: "newer" }>;

const newer = (changes: Partial<Newer> = {}): Newer => ({
  kind: "newer",
  askedAt: "2026-11-22T14:00:00Z",
  version: "1.2.3",
  pageHost: "pulsekeys.io",
  dismissed: false,
  ...changes,
});

function telling(view: UpdatesView, script: Script = {}, isOn = true): Script {
  let kept = preferences({ tellOfUpdates: isOn });
  const state = () => appState({ preferences: kept });
  return signedIn(undefined, {
    first_state: state,
    write_preferences: (wanted) => {
      kept = wanted;
      return state();
    },
    updates: () => view,
    ...script,
  });
}

const place = () => screen.getByRole("status", { name: "New version" });

async function openPreferences(script: Script) {
  const view = renderApp(script);
  await findRow("Zapier Integration");
  await view.user.keyboard("{Control>}4{/Control}");
  await screen.findByRole("heading", { name: "New versions" });
  return view;
}

it("is told once with the way to its page, and put away for good", async () => {
  const { host, user } = renderApp(
    telling(newer(), { open_update_page: () => null, dismiss_notice: () => null }),
  );
  expect(await screen.findByText(/Pulse Keys 1\.2\.3 is out; this is 0\.1\.0\./)).toBeVisible();
  expect(place()).toHaveTextContent("Its page is on pulsekeys.io.");
  expect(await violations()).toEqual([]);
  await user.click(within(place()).getByRole("button", { name: "Open its page" }));
  expect(host.sent("open_update_page")).toEqual([null]);
  await user.click(within(place()).getByRole("button", { name: "Dismiss" }));
  expect(place()).toBeEmptyDOMElement();
  expect(host.sent("dismiss_notice")).toEqual([{ notice: "newer-version" }]);
  expect(host.sent("updates")).toHaveLength(1);
});

it("offers no page where none was found fit, and says so when no browser opens", async () => {
  const first = renderApp(telling(newer({ pageHost: null })));
  expect(await screen.findByText(/Get it where you got this one/)).toBeVisible();
  expect(within(place()).queryByRole("button", { name: "Open its page" })).toBeNull();
  first.unmount();

  const { user } = renderApp(telling(newer(), { open_update_page: failing(errors.other) }));
  await user.click(await screen.findByRole("button", { name: "Open its page" }));
  expect(await screen.findByText(errors.other.message)).toBeVisible();
});

it.each<[string, UpdatesView, boolean]>([
  ["nobody was asked", { kind: "off" }, false],
  ["this is the newest", { kind: "newest", askedAt: "2026-11-22T14:00:00Z" }, true],
  ["it was put away", newer({ dismissed: true }), true],
  ["it was turned off meanwhile", newer(), false],
])("stays silent where %s", async (_, view, isOn) => {
  const { host } = renderApp(telling(view, {}, isOn));
  await findRow("Zapier Integration");
  await waitFor(() => expect(host.sent("updates")).toHaveLength(1));
  expect(place()).toBeEmptyDOMElement();
});

it("is turned on in the preferences, without asking at once", async () => {
  const { host, user } = await openPreferences(telling({ kind: "off" }, {}, false));
  expect(screen.getByText(/^Off: the app does not ask/)).toBeVisible();
  const group = screen.getByRole("radiogroup", { name: "Tell me about new versions" });
  expect(within(group).getByRole("radio", { name: "Off" })).toBeChecked();
  await user.click(within(group).getByRole("radio", { name: "On" }));
  await waitFor(() =>
    expect(host.sent("write_preferences").map(({ tellOfUpdates }) => tellOfUpdates)).toEqual([true]),
  );
  expect(screen.getByText(/Asks at the next start/)).toBeVisible();
  expect(host.sent("updates")).toHaveLength(1);
  expect(await violations()).toEqual([]);
});

it("tells in the preferences what came of the last question", async () => {
  await openPreferences(
    telling({ kind: "not_known", askedAt: "2026-11-22T14:00:00Z", problem: "The answer took too long." }),
  );
  expect(screen.getByText(/without an answer\. The answer took too long\./)).toBeVisible();
});

it("takes another address whole, on Enter, and takes back what was typed on Esc", async () => {
  const { host, user } = await openPreferences(telling({ kind: "off" }));
  const field = screen.getByRole("textbox", { name: "Address to ask" });
  await user.clear(field);
  await user.type(field, "https://example.org/x{Escape}");
  expect(field).toHaveValue("https://pulsekeys.io/releases/latest.json");
  await user.clear(field);
  await user.type(field, " https://example.org/y{Enter}");
  await waitFor(() =>
    expect(host.sent("write_preferences").map(({ updatesAddress }) => updatesAddress)).toEqual([
      "https://example.org/y",
    ]),
  );
  expect(field).toHaveValue("https://example.org/y");
  await expectFocusOn(() => field);
});

it("shows the address that is kept when another one is refused, and why", async () => {
  const { user } = await openPreferences(
    telling({ kind: "off" }, { write_preferences: failing(errors.other) }),
  );
  const field = screen.getByRole("textbox", { name: "Address to ask" });
  await user.clear(field);
  await user.type(field, "http://example.org");
  await user.tab();
  expect(await screen.findByText(errors.other.message)).toBeVisible();
  expect(field).toHaveValue("https://pulsekeys.io/releases/latest.json");
});
