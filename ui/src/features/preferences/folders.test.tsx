/** Settings → Preferences → Search folders: added by the native dialog, removed by button and key, and looked at. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { AppState, FolderState, Preferences, SearchFolders } from "../../bindings";
import { HostError } from "../../host/host";
import type { Script } from "../../testing/fakeHost";
import { expectFocusOn, failing, findRow, renderApp, signedIn, violations } from "../../testing/render";
import { appState, errors, preferences } from "../../testing/samples";
import { checkedFolders } from "../../testing/searchFolderSamples";
import { notesOf, type FolderKind } from "./folderNotes";

/** The app as it keeps its search folders; it looks at its own copy of them. */
function keeping(search: Partial<SearchFolders> = {}, states: Record<string, FolderState> = {}): Script {
  const before: SearchFolders = { roots: ["~"], extra: [], excluded: [], ...search };
  let kept: Preferences = preferences({ search: before });
  const state = (): AppState => appState({ preferences: kept });
  return signedIn(undefined, {
    first_state: state,
    write_preferences: (wanted) => {
      kept = wanted;
      return state();
    },
    reset_preferences: () => {
      kept = preferences({ search: { roots: ["~"], extra: [], excluded: [] } });
      return state();
    },
    search_folders: () => checkedFolders(kept.search, states),
    choose_search_folder: () => ({ path: "/srv/deploy" }),
  });
}

async function open(script: Script = keeping()) {
  const view = renderApp(script);
  await findRow("Zapier Integration");
  await view.user.keyboard("{Control>}4{/Control}");
  await screen.findByText(/^Always left out/);
  return view;
}

const list = (title: string) => within(screen.getByRole("group", { name: title }));
const shown = (title: string) =>
  list(title)
    .queryAllByRole("listitem")
    .map(({ textContent }) => textContent);
const add = (title: string) => screen.getByRole("button", { name: `Add folder… ${title}` });
const remove = (path: string) => screen.getByRole("button", { name: `Remove ${path}` });

it("begins in the home folder, which is the last one and stays", async () => {
  await open();
  expect(shown("Search in")).toEqual(["~ /home/olga"]);
  expect(list("Search in").queryByRole("button", { name: /^Remove/ })).toBeNull();
  expect(screen.getByText(/^Always left out/)).toHaveTextContent("/home/olga/.local/share/pulse-keys");
  expect(await violations()).toEqual([]);
});

it("adds what is chosen in the native dialog, and says what stands there", async () => {
  const { user, host } = await open(keeping({}, { "/srv/deploy": "missing" }));
  for (const title of ["Search in", "And in", "Leave out"]) await user.click(add(title));
  const wanted = { roots: ["~", "/srv/deploy"], extra: ["/srv/deploy"], excluded: ["/srv/deploy"] };
  await waitFor(() => expect(host.sent("write_preferences").at(-1)?.search).toEqual(wanted));
  await waitFor(() => expect(shown("Search in")[1]).toContain("Nothing is there now."));
  expect(shown("And in")[0]).toContain("It is listed twice.");
  expect(shown("Leave out")[0]).toContain("It is a search folder too, and is searched.");
  expect(screen.getByText("Added /srv/deploy.")).toHaveAttribute("role", "status");
  expect(await violations()).toEqual([]);
});

it("adds none twice, and none that was not chosen", async () => {
  const { user, host } = await open(keeping({ roots: ["~", "/srv/deploy"] }));
  await user.click(add("Search in"));
  expect(await screen.findByText("/srv/deploy is in the list already.")).toBeInTheDocument();
  host.script.choose_search_folder = () => ({ path: "/home/olga" });
  await user.click(add("Search in"));
  expect(await screen.findByText("/home/olga is in the list already.")).toBeInTheDocument();
  host.script.choose_search_folder = () => ({ path: null });
  await user.click(add("And in"));
  host.script.choose_search_folder = failing(errors.other);
  await user.click(add("Leave out"));
  expect(await screen.findByText(errors.other.message)).toBeInTheDocument();
  expect(host.sent("write_preferences")).toEqual([]);
});

it("removes by button and by key; the focus goes to the next, and to the button at the end", async () => {
  const { user, host } = await open(keeping({ extra: ["/a", "/b", "/c"] }));
  act(() => remove("/b").focus());
  await user.keyboard("{Enter}");
  await expectFocusOn(() => remove("/c"));
  await user.keyboard("{Delete}");
  await expectFocusOn(() => remove("/a"));
  await user.keyboard("{Backspace}");
  await expectFocusOn(() => add("And in"));
  await waitFor(() =>
    expect(host.sent("write_preferences").map(({ search }) => search.extra)).toEqual([
      ["/a", "/c"],
      ["/a"],
      [],
    ]),
  );
});

it("asks anew only once the app has the change, and goes back when it refuses one", async () => {
  const script = keeping({ extra: ["/a"] });
  const { user, host } = await open({
    ...script,
    write_preferences: () => Promise.reject(new HostError(errors.other)),
  });
  await user.click(remove("/a"));
  expect(await screen.findByText(errors.other.message)).toBeInTheDocument();
  await waitFor(() => expect(shown("And in")).toEqual(["/a"]));
  const { calls } = host;
  const last = (name: string) => calls.map((call) => call.name).lastIndexOf(name as "first_state");
  await waitFor(() => expect(last("search_folders")).toBeGreaterThan(last("write_preferences")));
});

it("goes back with everything else", async () => {
  const { user } = await open(keeping({ roots: ["/srv"], excluded: ["/srv/x"] }));
  act(() => screen.getByRole("button", { name: "Reset all preferences…" }).focus());
  await user.keyboard("{Enter}{Tab}{Enter}");
  await waitFor(() => expect(shown("Search in")).toEqual(["~ /home/olga"]));
  expect(shown("Leave out")).toEqual([]);
});

it.each<[string, FolderKind, Partial<SearchFolders>, string[]]>([
  ["alone", "roots", { roots: ["~"] }, []],
  ["a neighbour with a longer name", "extra", { roots: ["/srv/a"], extra: ["/srv/ab"] }, []],
  ["inside another", "extra", { roots: ["/"], extra: ["/srv/"] }, ["Inside /."]],
  ["inside another on Windows", "extra", { roots: ["C:\\"], extra: ["C:\\work"] }, ["Inside C:\\."]],
  ["inside what is left out", "roots", { roots: ["/a/b"], excluded: ["/a"] }, ["searched all the same"]],
  ["left out, around a root", "excluded", { roots: ["/a/b"], excluded: ["/a"] }, ["/a/b in it is a search"]],
  ["left out twice", "excluded", { roots: ["/"], excluded: ["/a/b", "/a"] }, ["left out already"]],
  ["left out of nothing", "excluded", { roots: ["/a"], excluded: ["/b"] }, ["nothing to leave out"]],
  ["left out as it should be", "excluded", { roots: ["~"], excluded: ["~/Downloads"] }, []],
])("tells how folders lie to each other: %s", (_, kind, folders, words) => {
  const checked = checkedFolders({ roots: [], extra: [], excluded: [], ...folders });
  const notes = checked[kind].slice(0, 1).flatMap((folder) => notesOf(kind, folder, checked));
  expect(notes).toHaveLength(words.length);
  for (const [place, part] of words.entries()) expect(notes[place]).toContain(part);
});
