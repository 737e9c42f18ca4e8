import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { findRow, renderApp, shownNames, signedIn, violations } from "../../testing/render";
import { account, acme, appState, daysAgo, keyRow, labs, preferences } from "../../testing/samples";

const at = Date.now();
const rows = [
  keyRow({ id: "1", name: "fresh", lastUsedAt: daysAgo(1, at), abilities: ["monitors:read"] }),
  keyRow({ id: "2", name: "idle", lastUsedAt: daysAgo(45, at), abilities: ["alerts:read"], team: labs }),
  keyRow({ id: "3", name: "old", lastUsedAt: daysAgo(200, at), abilities: ["*"] }),
  keyRow({ id: "4", name: "never", lastUsedAt: null, createdAt: daysAgo(3, at), abilities: [] }),
];

const chip = (name: RegExp) => screen.getByRole("button", { name });

it("narrows by chips, counts on each, and remembers what is on", async () => {
  const { host, user } = renderApp(signedIn(rows));
  await findRow("fresh");
  expect(chip(/^Idle 90 days/)).toHaveTextContent("1");
  await user.click(chip(/^Idle 30 days/));
  await waitFor(() => expect(shownNames()).toEqual(["idle", "old"]));
  expect(chip(/^Idle 30 days/)).toHaveAttribute("aria-pressed", "true");
  expect(screen.getByText("2 of 4 keys")).toBeVisible();
  expect(chip(/^Never used/)).toHaveTextContent("0");
  await user.click(chip(/^Idle 90 days/));
  await waitFor(() => expect(shownNames()).toEqual(["old"]));
  expect(chip(/^Idle 30 days/)).toHaveAttribute("aria-pressed", "false");
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Name" }));
  const written = host.sent("write_preferences").map(({ lists }) => lists[account().id]);
  expect(written).toEqual([
    { column: "lastUsed", descending: true, filters: ["idle:30"] },
    { column: "lastUsed", descending: true, filters: ["idle:90"] },
    { column: "name", descending: false, filters: ["idle:90"] },
  ]);
});

it("starts as it was left, and passes over what it doesn’t know", async () => {
  const lists = {
    [account().id]: { column: "name", descending: true, filters: ["ability:*", "colour:red", "team:77"] },
  };
  renderApp(signedIn(rows, { first_state: () => appState({ preferences: preferences({ lists }) }) }));
  await findRow("old");
  expect(shownNames()).toEqual(["old"]);
  expect(screen.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "descending");
  expect(chip(/^\* 1/)).toHaveAttribute("aria-pressed", "true");
});

it("has filters with a value in a menu, which stays open and counts along", async () => {
  const state = appState({ accounts: [account({ teams: [acme, labs] })] });
  const { user } = renderApp(
    signedIn(rows, {
      first_state: () => state,
      write_preferences: (wanted) => ({ ...state, preferences: wanted }),
    }),
  );
  await findRow("fresh");
  // One tab stop, and the arrows within.
  chip(/^Never used/).focus();
  await user.keyboard("{ArrowRight}{ArrowRight}{ArrowRight}");
  expect(chip(/More filters/)).toHaveFocus();
  await user.keyboard("{Enter}");
  const menu = await screen.findByRole("menu", { name: /filters/i });
  expect(await violations()).toEqual([]);
  await user.click(within(menu).getByRole("menuitemcheckbox", { name: /alerts:read/ }));
  await user.click(within(menu).getByRole("menuitemcheckbox", { name: /^\*/ }));
  await waitFor(() => expect(screen.getByText("2 of 4 keys")).toBeInTheDocument());
  await user.click(within(menu).getByRole("menuitemcheckbox", { name: /Acme Labs/ }));
  await waitFor(() => expect(screen.getByText("1 of 4 keys")).toBeInTheDocument());
  expect(within(menu).getByRole("menuitemcheckbox", { name: /alerts:read/ })).toBeChecked();
  await user.click(within(menu).getByRole("menuitem", { name: "Clear filters" }));
  await waitFor(() => expect(shownNames()).toHaveLength(4));
});

it("has one date at most, and takes it back", async () => {
  const { user } = renderApp(signedIn(rows));
  await findRow("fresh");
  await user.click(chip(/More filters/));
  const year = await screen.findByRole("menuitemradio", { name: /A month ago/ });
  await user.click(year);
  await waitFor(() => expect(screen.getByText("3 of 4 keys")).toBeInTheDocument());
  await user.click(screen.getByRole("menuitemradio", { name: /A year ago/ }));
  await waitFor(() => expect(year).not.toBeChecked());
  await user.click(screen.getByRole("menuitemradio", { name: /A year ago/ }));
  await waitFor(() => expect(screen.getByText("4 keys")).toBeInTheDocument());
});

it("says what narrows an empty list, and leads back", async () => {
  const { user } = renderApp(signedIn(rows));
  await findRow("fresh");
  await user.click(chip(/^Never used/));
  await user.type(screen.getByRole("textbox", { name: "Search keys" }), "fresh");
  expect(await screen.findByRole("heading", { name: "No key matches “fresh”" })).toBeVisible();
  expect(
    screen.getByText((_, element) => element?.textContent === "Filter: Never used." && element.matches("p")),
  ).toBeVisible();
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  await waitFor(() => expect(shownNames()).toEqual(["fresh"]));
  expect(screen.getByRole("textbox", { name: "Search keys" })).toHaveFocus();
});
