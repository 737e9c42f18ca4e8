import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import {
  expectFocusOn,
  findRow,
  getRow,
  renderApp,
  shownNames,
  signedIn,
  violations,
} from "../../testing/render";
import { daysAgo, keyRow, manyKeys, minutesAgo } from "../../testing/samples";
import { bulkCard, bulkRow, deleteCard } from "../../testing/sheetSamples";

const five = ["alpha", "beta", "gamma", "delta", "omega"].map((name, place) =>
  keyRow({ id: name, name, lastEight: `${place}aaaaaaa`, lastUsedAt: daysAgo(place + 1) }),
);

function selectedNames(): (string | null)[] {
  return screen
    .queryAllByRole("row", { selected: true })
    .map((row) => within(row).getByRole("rowheader").textContent);
}

describe("selecting by the keyboard", () => {
  it("toggles by Space, extends by Shift, takes all and lets go of all", async () => {
    const { user } = renderApp(signedIn(five));
    await user.click(await findRow("alpha"));
    expect(screen.getByRole("grid")).toHaveAttribute("aria-multiselectable", "true");
    expect(selectedNames()).toEqual([]);
    await user.keyboard(" ");
    expect(selectedNames()).toEqual(["alpha"]);
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(selectedNames()).toEqual(["alpha"]);
    await user.keyboard("{Shift>}{ArrowDown}{ArrowDown}{/Shift}");
    expect(selectedNames()).toEqual(["alpha", "gamma", "delta", "omega"]);
    expect(screen.getByText("4 selected")).toHaveAttribute("role", "status");
    // Going back takes back what went too far, and nothing from before.
    await user.keyboard("{Shift>}{ArrowUp}{ArrowUp}{ArrowUp}{/Shift}");
    expect(selectedNames()).toEqual(["alpha", "beta", "gamma"]);
    await user.keyboard("{Shift>}{End}{/Shift}");
    expect(selectedNames()).toEqual(["alpha", "gamma", "delta", "omega"]);
    await user.keyboard("{Control>}a{/Control}");
    expect(selectedNames()).toHaveLength(5);
    expect(screen.getByRole("checkbox", { name: "Select all keys shown" })).toBeChecked();
    expect(await violations()).toEqual([]);
    await user.keyboard("{Escape}");
    expect(selectedNames()).toEqual([]);
    expect(await findRow("omega")).toHaveFocus();
  });

  it("says that there is nothing to let go of, so that Esc is free", async () => {
    const { host, user } = renderApp(signedIn(five));
    await user.click(await findRow("alpha"));
    const clear = () =>
      host
        .sent("show_menu")
        .at(-1)
        ?.menus.flatMap(({ items }) => items)
        .find((item) => item.kind === "action" && item.id === "selection.clear");
    await waitFor(() => expect(clear()).toMatchObject({ enabled: false }));
    await user.keyboard(" ");
    await waitFor(() => expect(clear()).toMatchObject({ enabled: true }));
  });

  it("leaves Ctrl+A and Space to the search field", async () => {
    const { user } = renderApp(signedIn(five));
    await findRow("alpha");
    await user.keyboard("/");
    await user.keyboard("a {Control>}a{/Control}");
    expect(selectedNames()).toEqual([]);
    expect(screen.getByRole("textbox", { name: "Search keys" })).toHaveValue("a ");
  });

  it("reaches the box of a row to the left of its name, and the one of all rows from the headings", async () => {
    const { user } = renderApp(signedIn(five));
    await user.click(await findRow("beta"));
    await user.keyboard("{ArrowRight}{ArrowLeft}");
    expect(screen.getByRole("checkbox", { name: "Select beta" })).toHaveFocus();
    await user.keyboard(" ");
    expect(screen.getByRole("checkbox", { name: "Select beta" })).toBeChecked();
    const all = screen.getByRole("checkbox", { name: "Select all keys shown" });
    expect(all).toBePartiallyChecked();
    await user.keyboard("{ArrowLeft}{Home}{ArrowUp}{ArrowLeft}{ArrowLeft}{ArrowLeft}{ArrowLeft}");
    expect(all).toHaveFocus();
    await user.keyboard(" ");
    expect(selectedNames()).toHaveLength(5);
    await user.keyboard(" ");
    expect(selectedNames()).toEqual([]);
  });
});

describe("selecting by the mouse", () => {
  it("focuses by a click, toggles with Ctrl and on the box, extends with Shift", async () => {
    const { user } = renderApp(signedIn(five));
    await user.click(await findRow("beta"));
    expect(await findRow("beta")).toHaveFocus();
    expect(selectedNames()).toEqual([]);
    await user.keyboard("{Shift>}");
    await user.click(await findRow("delta"));
    await user.keyboard("{/Shift}");
    expect(selectedNames()).toEqual(["beta", "gamma", "delta"]);
    expect(await findRow("delta")).toHaveFocus();
    await user.keyboard("{Control>}");
    await user.click(await findRow("gamma"));
    await user.keyboard("{/Control}");
    expect(selectedNames()).toEqual(["beta", "delta"]);
    await user.click(screen.getByRole("checkbox", { name: "Select alpha" }));
    expect(selectedNames()).toEqual(["alpha", "beta", "delta"]);
    expect(await findRow("alpha")).toHaveFocus();
    await user.click(screen.getByRole("checkbox", { name: "Select alpha" }));
    expect(selectedNames()).toEqual(["beta", "delta"]);
    await user.click(screen.getByRole("button", { name: "Clear" }));
    expect(selectedNames()).toEqual([]);
    expect(await findRow("alpha")).toHaveFocus();
  });

  it("opens a key’s details by a double click and by Enter", async () => {
    const { user } = renderApp(signedIn(five));
    await user.dblClick(await findRow("beta"));
    await screen.findByRole("dialog", { name: /beta/ });
    await user.keyboard("{Escape}");
    await expectFocusOn(() => getRow("beta"));
    await user.keyboard("{ArrowDown}{Enter}");
    await screen.findByRole("dialog", { name: /gamma/ });
  });
});

describe("a selection", () => {
  it("survives a refresh, sorting and searching, says what is hidden, and drops what is gone", async () => {
    const { host, user } = renderApp(signedIn(five));
    await user.click(await findRow("alpha"));
    await user.keyboard(" {Shift>}{ArrowDown}{ArrowDown}{/Shift}");
    await user.click(screen.getByRole("button", { name: "Name" }));
    expect(selectedNames()).toEqual(["alpha", "beta", "gamma"]);
    await user.type(screen.getByRole("textbox", { name: "Search keys" }), "be");
    expect(screen.getByText("3 selected, 2 not shown")).toBeVisible();
    expect(screen.getByRole("button", { name: "Delete key…" })).toBeVisible();
    await user.clear(screen.getByRole("textbox", { name: "Search keys" }));
    await user.type(screen.getByRole("textbox", { name: "Search keys" }), "omega");
    expect(screen.getByText("3 selected, 3 not shown")).toBeVisible();
    expect(screen.queryByRole("button", { name: /^Delete/ })).toBeNull();
    await user.clear(screen.getByRole("textbox", { name: "Search keys" }));
    const left = five.filter(({ id }) => id !== "beta");
    host.script.refresh_keys = (_, onProgress) => {
      onProgress({ keys: left, loaded: 4, total: 4 });
      return { fetchedAt: minutesAgo(0), total: 4, settled: false, incomplete: null, readTwice: false };
    };
    await user.keyboard("{F5}");
    await waitFor(() => expect(shownNames()).toHaveLength(4));
    expect(selectedNames()).toEqual(["alpha", "gamma"]);
    expect(screen.getByText("2 selected")).toBeVisible();
  });

  it("survives a look at another tab", async () => {
    const { user } = renderApp(
      signedIn(five, { journal_page: () => ({ rows: [], hasMore: false, newest: 0 }) }),
    );
    await user.click(await findRow("alpha"));
    await user.keyboard(" {Control>}2{/Control}");
    await screen.findByRole("tab", { name: "Activity", selected: true });
    await user.keyboard("{Control>}1{/Control}");
    await findRow("alpha");
    expect(selectedNames()).toEqual(["alpha"]);
  });

  it("opens one card for all of it by Delete, wherever the focus is, and only for what is shown", async () => {
    const { host, user } = renderApp(
      signedIn(five, { bulk_card: () => bulkCard(five.slice(1, 3).map((row) => bulkRow(row))) }),
    );
    await user.click(await findRow("beta"));
    await user.keyboard(" {Shift>}{ArrowDown}{ArrowDown}{/Shift}");
    await user.keyboard("{ArrowDown}");
    expect(screen.getByText(", not this row")).toBeVisible();
    await user.click(screen.getByRole("textbox", { name: "Search keys" }));
    await user.keyboard("ta");
    // beta and delta have it, gamma has not.
    expect(screen.getByText("3 selected, 1 not shown")).toBeVisible();
    await user.keyboard("{ArrowDown}{Delete}");
    await screen.findByRole("dialog");
    await waitFor(() => expect(host.sent("bulk_card")).toHaveLength(1));
    expect(host.sent("bulk_card")[0]?.keys).toEqual(["beta", "delta"]);
  });

  it("opens the card of the one that is selected, or of the row when none is", async () => {
    const { host, user } = renderApp(
      signedIn(five, {
        delete_card: ({ key }) => deleteCard({ key: five.find(({ id }) => id === key) }),
      }),
    );
    await user.click(await findRow("beta"));
    await user.keyboard("{Delete}");
    await screen.findByRole("dialog", { name: "Delete “beta”?" });
    await user.keyboard("{Escape}");
    await expectFocusOn(() => getRow("beta"));
    await user.keyboard(" {ArrowDown}{Delete}");
    await screen.findByRole("dialog", { name: "Delete “beta”?" });
    expect(host.sent("delete_card").map(({ key }) => key)).toEqual(["beta", "beta"]);
  });

  it("is what the row’s menu acts on where the row is part of it", async () => {
    const { user } = renderApp(signedIn(five));
    await user.click(await findRow("alpha"));
    await user.keyboard(" {Shift>}{ArrowDown}{/Shift}{Shift>}{F10}{/Shift}");
    expect(await screen.findByRole("menuitem", { name: /Delete 2 keys…/ })).toBeVisible();
    expect(screen.getByRole("menuitem", { name: /Copy 2 names and last 8/ })).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.keyboard("{Escape}");
    await expectFocusOn(() => getRow("beta"));
    await user.keyboard("{ArrowDown}{Shift>}{F10}{/Shift}");
    expect(await screen.findByRole("menuitem", { name: /^Delete…/ })).toBeVisible();
  });

  it("copies names and tails, and says so once", async () => {
    const { host, user } = renderApp(
      signedIn(five, { copy_labels: () => ({ message: "Copied alpha …0aaaaaaa." }) }),
    );
    await user.click(await findRow("alpha"));
    await user.keyboard("{Control>}c{/Control}");
    await screen.findByText("Copied alpha …0aaaaaaa.");
    expect(host.sent("copy_labels").map(({ keys }) => keys)).toEqual([["alpha"]]);
    await user.keyboard("{Control>}a{/Control}{Control>}c{/Control}");
    await waitFor(() => expect(host.sent("copy_labels")).toHaveLength(2));
    expect(host.sent("copy_labels")[1]?.keys).toEqual(five.map(({ id }) => id));
  });

  it("takes ten thousand at once, but no card for so many", async () => {
    const { user } = renderApp(signedIn(manyKeys(10_000)));
    await screen.findByText("10,000 keys");
    await user.click(screen.getAllByRole("rowheader")[0] ?? document.body);
    await user.keyboard("{Control>}a{/Control}");
    expect(screen.getByText("10,000 selected")).toBeVisible();
    expect(screen.getByText("Select at most 500 keys to delete them together.")).toBeVisible();
    await user.keyboard("{Delete}");
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});
