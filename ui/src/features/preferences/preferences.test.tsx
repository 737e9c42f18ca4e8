/** Settings → Preferences by keyboard: what is chosen shows at once, is written in order, and can be put back. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { AppState, Preferences } from "../../bindings";
import { HostError } from "../../host/host";
import { deferred, type Script } from "../../testing/fakeHost";
import { expectFocusOn, failing, findRow, renderApp, signedIn, violations } from "../../testing/render";
import { appState, errors, preferences } from "../../testing/samples";

/** The app as it keeps preferences; `changes` are those that it starts with. */
function keeping(changes: Partial<Preferences> = {}, script: Script = {}): Script {
  let kept = preferences(changes);
  const state = (): AppState => appState({ preferences: kept });
  return signedIn(undefined, {
    first_state: state,
    write_preferences: (wanted) => {
      kept = wanted;
      return state();
    },
    reset_preferences: () => {
      kept = preferences({ lists: kept.lists });
      return state();
    },
    ...script,
  });
}

async function openPreferences(script: Script = keeping()) {
  const view = renderApp(script);
  await findRow("Zapier Integration");
  await view.user.keyboard("{Control>}4{/Control}");
  await screen.findByRole("heading", { name: "Appearance" });
  return view;
}

const tab = () => screen.getByRole("tab", { name: "Preferences" });
const change = (title: string) => screen.getByRole("button", { name: `Change ${title}` });
const rowOf = (title: string) => {
  const row = change(title).closest("li");
  if (row === null) throw new Error("a button without its row");
  return within(row);
};
const chosenIn = (group: string) =>
  within(screen.getByRole("radiogroup", { name: group })).getByRole("radio", { checked: true });

/** Presses *Change* of an action and then these keys. */
async function record(
  user: Awaited<ReturnType<typeof openPreferences>>["user"],
  title: string,
  keys: string,
) {
  act(() => change(title).focus());
  await user.keyboard("{Enter}");
  await expectFocusOn(() => screen.getByRole("textbox", { name: new RegExp(`^New keys for ${title}`) }));
  await user.keyboard(keys);
}

async function chooseFromMenu(
  user: Awaited<ReturnType<typeof openPreferences>>["user"],
  title: string,
  item: string,
) {
  act(() => screen.getByRole("button", { name: `More for ${title}` }).focus());
  await user.keyboard("{Enter}");
  await user.click(await screen.findByRole("menuitem", { name: item }));
}

it("opens by both of its keys, with the focus on its tab, and without a fault", async () => {
  const { user } = await openPreferences();
  await expectFocusOn(tab);
  expect(tab()).toHaveAttribute("aria-selected", "true");
  expect(await violations()).toEqual([]);

  await user.keyboard("{Control>}1{/Control}");
  await expectFocusOn(() => screen.getAllByRole("row")[1] ?? document.body);
  await user.keyboard("{Control>},{/Control}");
  await expectFocusOn(tab);
});

it("changes the look at once, by arrow keys", async () => {
  const { user, host } = await openPreferences();
  act(() => chosenIn("Theme").focus());
  await user.keyboard("{ArrowRight}{ArrowRight}");
  await waitFor(() => expect(chosenIn("Theme")).toHaveAccessibleName("Dark"));
  act(() => chosenIn("Density").focus());
  await user.keyboard("{ArrowRight}");

  await waitFor(() => expect(host.sent("write_preferences")).toHaveLength(3));
  expect(host.sent("write_preferences").at(-1)).toMatchObject({ theme: "dark", density: "compact" });
  expect(document.documentElement.dataset).toMatchObject({ theme: "dark", density: "compact" });
  expect(await violations()).toEqual([]);
});

it("gives more contrast where the desktop asks for it, unless the user wants the usual", async () => {
  const asked = "(prefers-contrast: more)";
  const list = window.matchMedia(asked);
  vi.spyOn(window, "matchMedia").mockImplementation((query) =>
    Object.assign(Object.create(list) as MediaQueryList, {
      matches: query === asked,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    }),
  );
  const { user } = await openPreferences();
  expect(document.documentElement.dataset.contrast).toBe("more");
  act(() => chosenIn("Contrast").focus());
  await user.keyboard("{ArrowRight}");
  await waitFor(() => expect(document.documentElement.dataset.contrast).toBe("standard"));
  vi.restoreAllMocks();
});

it("makes the rows of the list lower", async () => {
  const { user } = await openPreferences(keeping({ density: "compact" }));
  await user.keyboard("{Control>}1{/Control}");
  expect(await findRow("Zapier Integration")).toHaveStyle({ height: "32px" });
});

it("takes a number that is typed, and counts up and down", async () => {
  const { user, host } = await openPreferences();
  const seconds = screen.getByRole("textbox", { name: "Clear the clipboard after" });
  act(() => seconds.focus());
  await user.keyboard("{Control>}a{/Control}90{Enter}");
  await waitFor(() => expect(host.sent("write_preferences").at(-1)?.clipboardSeconds).toBe(90));
  await user.keyboard("{ArrowUp}");
  await waitFor(() => expect(host.sent("write_preferences").at(-1)?.clipboardSeconds).toBe(91));
  await user.keyboard("{Control>}a{/Control}900{Enter}");
  await waitFor(() => expect(host.sent("write_preferences").at(-1)?.clipboardSeconds).toBe(300));

  act(() => screen.getByRole("textbox", { name: "Zoom" }).focus());
  await user.keyboard("{ArrowDown}");
  await waitFor(() => expect(host.sent("write_preferences").at(-1)?.zoom).toBe(90));
});

it("counts every press, however quick, while writing is slow", async () => {
  const slow = deferred<null>();
  const script = keeping();
  const write = script.write_preferences;
  const { user, host } = await openPreferences({
    ...script,
    write_preferences: async (...asked) => {
      await slow.promise;
      return (await write?.(...asked)) ?? appState();
    },
  });
  await user.keyboard("{Control>}==={/Control}");
  act(() => chosenIn("Motion").focus());
  await user.keyboard("{ArrowRight}");
  await waitFor(() => expect(screen.getByRole("textbox", { name: "Zoom" })).toHaveValue("130%"));
  expect(host.sent("write_preferences")).toHaveLength(1);
  slow.resolve(null);
  await waitFor(() => expect(host.sent("write_preferences")).toHaveLength(4));
  expect(host.sent("write_preferences").map(({ zoom, motion }) => [zoom, motion])).toEqual([
    [110, "system"],
    [120, "system"],
    [130, "system"],
    [130, "reduced"],
  ]);
});

it("goes back to what is kept when a change is refused, in the app's words, and keeps those after it", async () => {
  const script = keeping();
  const write = script.write_preferences;
  const { user, host } = await openPreferences({
    ...script,
    write_preferences: (wanted, onProgress) => {
      if (wanted.theme === "light") return Promise.reject(new HostError(errors.other));
      return write?.(wanted, onProgress) ?? appState();
    },
  });
  act(() => chosenIn("Theme").focus());
  await user.keyboard("{ArrowRight}");
  act(() => chosenIn("Density").focus());
  await user.keyboard("{ArrowRight}");

  expect(await screen.findByText(errors.other.message)).toBeInTheDocument();
  await waitFor(() => expect(chosenIn("Theme")).toHaveAccessibleName("System"));
  expect(chosenIn("Density")).toHaveAccessibleName("Compact");
  expect(host.sent("write_preferences").at(-1)).toMatchObject({ theme: "system", density: "compact" });
});

it("says what each strictness means, and that none takes anything away", async () => {
  const { user, host } = await openPreferences();
  const levels = screen.getByRole("radiogroup", { name: "Before a key is deleted" });
  expect(levels).toHaveAccessibleDescription(/never for less/);
  act(() => chosenIn("Before a key is deleted").focus());
  await user.keyboard("{ArrowDown}");
  expect(chosenIn("Before a key is deleted")).toHaveAccessibleName("Careful");
  expect(chosenIn("Before a key is deleted")).toHaveAccessibleDescription(/ever used/);
  await waitFor(() => expect(host.sent("write_preferences").at(-1)?.strictness).toBe("careful"));
});

it("takes down new keys, which then do what the old ones did", async () => {
  const { user, host } = await openPreferences();
  await record(user, "Activity", "{Control>}j{/Control}");
  await waitFor(() =>
    expect(host.sent("write_preferences").at(-1)?.shortcuts).toEqual({ "tab.activity": ["mod+J"] }),
  );
  await expectFocusOn(() => change("Activity"));
  expect(change("Activity")).toHaveAccessibleDescription(/Ctrl J/);
  expect(rowOf("Activity").getByText("changed")).toBeInTheDocument();

  await user.keyboard("{Control>}2{/Control}");
  expect(tab()).toHaveAttribute("aria-selected", "true");
  await user.keyboard("{Control>}j{/Control}");
  expect(screen.getByRole("tab", { name: "Activity" })).toHaveAttribute("aria-selected", "true");
});

it("does nothing else with keys that it takes down", async () => {
  const { user, host } = await openPreferences(keeping({}, { quit: () => null }));
  await record(user, "Accounts", "{Control>}q{/Control}");
  expect(host.sent("quit")).toEqual([]);
  expect(await rowOf("Accounts").findByText(/Ctrl Q is also set for “Quit Pulse Keys”/)).toBeInTheDocument();
});

it("cancels by Esc, and lets Tab go on", async () => {
  const { user, host } = await openPreferences();
  await record(user, "Activity", "{Escape}");
  await expectFocusOn(() => change("Activity"));
  await record(user, "Activity", "{Tab}");
  await waitFor(() => expect(screen.queryByRole("textbox", { name: /^New keys/ })).not.toBeInTheDocument());
  expect(host.sent("write_preferences")).toEqual([]);
});

it.each([
  ["Enter", "{Enter}", /Enter presses buttons/],
  ["arrows", "{ArrowDown}", /moves in lists/],
  ["keys that edit text", "{Control>}c{/Control}", /Ctrl C is for editing text/],
  ["Tab, with whatever", "{Control>}{Tab}{/Control}", /Tab goes from field to field/],
])("refuses %s for the window, with words", async (_, keys, why) => {
  const { user, host } = await openPreferences();
  await record(user, "Activity", keys);
  expect(await rowOfRecorder().findByText(why)).toBeInTheDocument();
  expect(host.sent("write_preferences")).toEqual([]);
});

function rowOfRecorder() {
  const row = screen.getByRole("textbox", { name: /^New keys/ }).closest("li");
  if (row === null) throw new Error("a field without its row");
  return within(row);
}

it("shows on both sides which action wins where two have the same keys", async () => {
  const { user } = await openPreferences();
  await record(user, "Activity", "{Control>}n{/Control}");
  expect(
    await rowOf("Activity").findByText("Ctrl N is also set for “Create API key”, which wins."),
  ).toBeInTheDocument();
  expect(
    rowOf("Create API key").getByText("Ctrl N is also set for “Activity”. This one wins."),
  ).toBeInTheDocument();
  expect(await violations()).toEqual([]);

  await user.keyboard("{Control>}n{/Control}");
  expect(screen.getByRole("dialog", { name: /API key/ })).toBeInTheDocument();
});

it("adds keys, takes them away down to none, and puts them back", async () => {
  const { user, host } = await openPreferences();
  await chooseFromMenu(user, "Activity", "Add keys…");
  await expectFocusOn(() => screen.getByRole("textbox", { name: /^New keys for Activity/ }));
  await user.keyboard("{F6}");
  const kept = () => host.sent("write_preferences").at(-1)?.shortcuts["tab.activity"];
  await waitFor(() => expect(kept()).toEqual(["mod+2", "F6"]));

  await chooseFromMenu(user, "Activity", "Remove Ctrl 2");
  await waitFor(() => expect(kept()).toEqual(["F6"]));
  await chooseFromMenu(user, "Activity", "Remove F6");
  await waitFor(() => expect(kept()).toEqual([]));
  expect(await rowOf("Activity").findByText("Off")).toBeInTheDocument();

  await chooseFromMenu(user, "Activity", "Reset to Ctrl 2");
  await waitFor(() => expect(host.sent("write_preferences").at(-1)?.shortcuts).toEqual({}));
});

it("puts all shortcuts back after a question", async () => {
  const own = { "keys.create": ["mod+J"], "tab.activity": [] };
  const { user, host } = await openPreferences(keeping({ shortcuts: own, theme: "dark" }));
  act(() => screen.getByRole("button", { name: "Reset all shortcuts…" }).focus());
  await user.keyboard("{Enter}");
  await expectFocusOn(() => screen.getByRole("button", { name: "Keep mine" }));
  expect(screen.getByText(/2 actions of yours have other keys/)).toBeInTheDocument();
  expect(await violations()).toEqual([]);
  await user.keyboard("{Tab}{Enter}");
  await waitFor(() =>
    expect(host.sent("write_preferences").at(-1)).toMatchObject({ shortcuts: {}, theme: "dark" }),
  );
  await expectFocusOn(() => screen.getByRole("heading", { name: "Keyboard shortcuts" }));
});

it("puts everything back after a question, and says what stays", async () => {
  const { user, host } = await openPreferences(keeping({ theme: "dark", zoom: 150 }));
  expect(screen.getByText(/Accounts, keys and the journal stay/)).toBeInTheDocument();
  act(() => screen.getByRole("button", { name: "Reset all preferences…" }).focus());
  await user.keyboard("{Enter}");
  await expectFocusOn(() => screen.getByRole("button", { name: "Keep mine" }));
  await user.keyboard("{Escape}");
  await expectFocusOn(() => screen.getByRole("button", { name: "Reset all preferences…" }));
  expect(host.sent("reset_preferences")).toEqual([]);

  await user.keyboard("{Enter}{Tab}{Enter}");
  await waitFor(() => expect(chosenIn("Theme")).toHaveAccessibleName("System"));
  expect(host.sent("reset_preferences")).toEqual([null]);
  expect(screen.getByRole("textbox", { name: "Zoom" })).toHaveValue("100%");
  await expectFocusOn(() => screen.getByRole("button", { name: "Reset all preferences…" }));
});

it("keeps everything when it can't be put back", async () => {
  const script = keeping({ theme: "dark" }, { reset_preferences: failing(errors.other) });
  const { user } = await openPreferences(script);
  act(() => screen.getByRole("button", { name: "Reset all preferences…" }).focus());
  await user.keyboard("{Enter}{Tab}{Enter}");
  expect(await screen.findByText(errors.other.message)).toBeInTheDocument();
  expect(chosenIn("Theme")).toHaveAccessibleName("Dark");
});

it("shows where data lives, and opens the folders that there are", async () => {
  const { user, host } = await openPreferences(keeping({}, { open_folder: failing(errors.other) }));
  expect(screen.getByText("/home/olga/.config/pulse-keys")).toBeInTheDocument();
  expect(screen.getAllByRole("button", { name: /^Open folder/ })).toHaveLength(2);
  act(() => screen.getByRole("button", { name: "Open folder of List cache and journal" }).focus());
  await user.keyboard("{Enter}");
  expect(host.sent("open_folder")).toEqual([{ place: "data" }]);
  expect(await screen.findByText(errors.other.message)).toBeInTheDocument();
});

it("says which version it is and how the window is drawn", async () => {
  await openPreferences(
    keeping({}, { renderer: () => ({ message: "Drawn without the card.", hint: "Set X to 0." }) }),
  );
  const about = screen.getByRole("region", { name: "About" });
  expect(await within(about).findByText("Drawn without the card.")).toBeVisible();
  expect(within(about).getByText("Set X to 0.")).toBeVisible();
  expect(about).toHaveTextContent("Pulse Keys 0.1.0");
  expect(await violations()).toEqual([]);
});
