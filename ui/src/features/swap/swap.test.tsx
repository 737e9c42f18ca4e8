import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { SwapCard, SwapStage, SwapView } from "../../bindings";
import type { Script } from "../../testing/fakeHost";
import { failing, findRow, getButton, renderApp, signedIn, violations } from "../../testing/render";
import { account, keyRow, minutesAgo } from "../../testing/samples";
import { deleteCard, rotateCard, token } from "../../testing/sheetSamples";

const ci = keyRow({ id: "2", name: "CI", lastEight: "0ld0ld00", lastUsedAt: minutesAgo(12) });
const sibling = keyRow({ id: "9", name: "CI (Nov 2026)", lastEight: "5ib11n65", lastUsedAt: null });
const siblingToken = token({ key: "9", name: "CI (Nov 2026)", lastEight: "5ib11n65", state: "kept" });

const card: SwapCard = {
  key: ci,
  evidence: "Something used this key 12 minutes ago.",
  suggestedName: "CI (Nov 2026)",
  nameRemark: "PulseAPI can’t rename a key, so the sibling keeps this name.",
  quietChoices: [1, 3, 7, 14, 30],
  advisedDays: 3,
  advice: "3 days is advised: of its 9 uses that this app knows of, no two were more than 20 hours apart.",
  obstacle: null,
};

function swapView(stage: SwapStage, changes: Partial<SwapView> = {}): SwapView {
  return {
    account: account().id,
    key: ci.id,
    name: ci.name,
    lastEight: ci.lastEight,
    way: "swap",
    stage,
    steps: [
      { title: "Sibling created", detail: "“CI (Nov 2026)”", state: "done" },
      { title: "In place (2 of 3)", detail: "", state: stage === "placing" ? "now" : "done" },
      { title: "Quiet for 3 days", detail: "", state: stage === "woken" ? "trouble" : "ahead" },
      { title: "Ready to delete", detail: "", state: stage === "ready" ? "now" : "ahead" },
      { title: "Deleted, 401 confirmed", detail: "", state: stage === "gone" ? "done" : "ahead" },
    ],
    mark: `Swap: ${stage}`,
    sentence: "Both keys work.",
    siblingName: sibling.name,
    sibling: { key: sibling.id, name: sibling.name, lastEight: sibling.lastEight, token: siblingToken.id },
    places: [
      { shortPath: "~/shop/.env", done: true, ours: true },
      { shortPath: "~/shop/state", done: false, ours: false },
    ],
    quietDays: 3,
    advisedDays: 3,
    oldToken: null,
    canUndo: true,
    ...changes,
  };
}

function app(changes: Script = {}) {
  return renderApp(
    signedIn([ci, sibling], {
      custody: () => ({ tokens: [siblingToken] }),
      swap_card: () => card,
      ...changes,
    }),
  );
}

/** The sheet of the first row, by its keys. */
async function open(changes: Script = {}, keys = "{Control>}{Shift>}s{/Shift}{/Control}") {
  const view = app(changes);
  await view.user.click(await findRow("CI"));
  await view.user.keyboard(keys);
  const dialog = await screen.findByRole("dialog", { name: /^(Swap|Retire) “CI”$/ });
  return { ...view, dialog };
}

const at = (stage: SwapStage, changes: Partial<SwapView> = {}): Script => ({
  swaps: () => ({ swaps: [swapView(stage, changes)] }),
});

describe("beginning a swap", () => {
  it("offers a name to keep and the advised time, and makes the sibling", async () => {
    let swaps: SwapView[] = [];
    const { dialog, user, host } = await open({
      swaps: () => ({ swaps }),
      begin_swap: () => {
        swaps = [swapView("placing")];
        return { kind: "begun", token: siblingToken, swaps: { swaps } };
      },
    });
    const name = await within(dialog).findByRole("textbox", { name: "Name of the sibling" });
    expect(name).toHaveValue("CI (Nov 2026)");
    expect(within(dialog).getByRole("radio", { name: "3 days" })).toBeChecked();
    expect(await violations()).toEqual([]);
    await user.click(within(dialog).getByRole("radio", { name: "1 day" }));
    expect(dialog).toHaveTextContent("A shorter time asks for more before the deletion");
    await user.click(getButton("Make the sibling"));
    await screen.findByText("Both keys work.");
    expect(host.sent("begin_swap")).toEqual([
      { account: account().id, key: "2", name: "CI (Nov 2026)", quietDays: 1 },
    ]);
  });

  it("says at its field what is wrong with the name, and begins nothing", async () => {
    const wrong = { code: "name" as const, message: "A name is missing.", hint: "" };
    const { dialog, user } = await open({
      begin_swap: () => ({ kind: "not_begun", errors: [wrong] }),
    });
    await within(dialog).findByRole("textbox", { name: "Name of the sibling" });
    await user.click(getButton("Make the sibling"));
    const field = await within(dialog).findByRole("textbox", { name: "Name of the sibling" });
    expect(field).toHaveAccessibleDescription(/A name is missing\./);
  });

  it("says why a key can't be swapped, and offers nothing", async () => {
    const { dialog } = await open({ swap_card: () => ({ ...card, obstacle: "Rotate it instead." }) });
    await within(dialog).findByText("Rotate it instead.");
    expect(getButton("Make the sibling")).toBeDisabled();
  });

  it("is offered on the rotate card for every reason but a leak", async () => {
    const { user } = app({ rotate_card: () => rotateCard({ key: ci }) });
    await user.click(await findRow("CI"));
    await user.keyboard("{Control>}{Shift>}r{/Shift}{/Control}");
    await user.click(await screen.findByRole("radio", { name: "The token leaked" }));
    expect(screen.queryByRole("button", { name: "Swap without a gap…" })).toBeNull();
    const [, routine] = screen.getAllByRole("radio");
    if (routine === undefined) throw new Error("one reason only");
    await user.click(routine);
    await user.click(getButton("Swap without a gap…"));
    await screen.findByRole("dialog", { name: "Swap “CI”" });
  });
});

describe("a swap under way", () => {
  it("shows its way and its places, and ticks what the user has done by hand", async () => {
    const { dialog, user, host } = await open({
      ...at("placing"),
      tick_swap_place: () => ({ swaps: [swapView("placing")] }),
    });
    const way = within(dialog).getByRole("list", { name: "How far it is" });
    expect(within(way).getAllByRole("listitem")).toHaveLength(5);
    expect(within(way).getByText("In place (2 of 3)").closest("li")).toHaveAttribute("aria-current", "step");
    expect(dialog).toHaveTextContent("1 of 2 in place");
    expect(await violations()).toEqual([]);
    await user.click(within(dialog).getByRole("checkbox", { name: "~/shop/state" }));
    expect(host.sent("tick_swap_place")).toEqual([
      { account: account().id, key: "2", shortPath: "~/shop/state", done: true },
    ]);
    expect(dialog).toHaveTextContent("put the old token back by hand");
  });

  it("begins to watch, and goes back", async () => {
    const { dialog, user, host } = await open({
      ...at("placing"),
      watch_key: () => ({ swaps: [swapView("watching")] }),
      unwatch_key: () => ({ swaps: [swapView("placing")] }),
    });
    await user.click(within(dialog).getByRole("button", { name: "All is in place: watch it" }));
    await user.click(await within(dialog).findByRole("button", { name: "Back to its places" }));
    await within(dialog).findByRole("button", { name: "All is in place: watch it" });
    expect(host.sent("watch_key")).toEqual([{ account: account().id, key: "2", quietDays: 3 }]);
  });

  it("searches again when the old key woke up", async () => {
    const { host } = await open(at("woken"));
    await screen.findByText("Nothing with the old token found in the places searched.");
    expect(host.sent("usage_search")).toHaveLength(1);
  });

  it("leads to the usual card, and says afterwards that the key is gone", async () => {
    let stage: SwapStage = "ready";
    const { user, dialog } = await open({
      swaps: () => ({ swaps: [swapView(stage)] }),
      delete_card: () => deleteCard({ key: ci, phrase: null, friction: "spelled_out" }),
      delete_key: () => {
        stage = "gone";
        return {
          kind: "deleted",
          at: minutesAgo(0),
          verification: "token_refused",
          message: "Deleted “CI”.",
          signedOut: null,
        };
      },
    });
    await user.click(within(dialog).getByRole("button", { name: "Delete key…" }));
    const asked = await screen.findByRole("dialog", { name: "Delete “CI”?" });
    await within(asked).findByText(/401 Unauthorized/);
    await user.click(within(asked).getByRole("button", { name: "Delete key…" }));
    await screen.findByRole("button", { name: "Done" });
  });

  it("is stopped after a question, and stays as it was where that fails", async () => {
    const { user, dialog, host } = await open({
      ...at("watching"),
      stop_swap: () => ({ swaps: [] }),
    });
    await user.click(within(dialog).getByRole("button", { name: "Stop the swap…" }));
    await user.keyboard("{Escape}");
    await user.click(within(dialog).getByRole("button", { name: "Stop the swap…" }));
    await user.click(within(dialog).getByRole("button", { name: "Stop the swap" }));
    await findRow("CI");
    expect(host.sent("stop_swap")).toEqual([{ account: account().id, key: "2" }]);
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("the marks of the list", () => {
  it("say how far it is, on both keys", async () => {
    app(at("watching"));
    await screen.findByRole("img", { name: "Swap: watching" });
    screen.getByRole("img", { name: /^Takes the place of .*Swap: watching$/ });
  });
});

describe("retiring", () => {
  it("has no sibling, and begins to watch at once", async () => {
    const retired = swapView("watching", { way: "retire", sibling: null, places: [], canUndo: false });
    const { dialog, user, host } = await open(
      { retire_key: () => ({ swaps: [retired] }) },
      "{Control>}{Shift>}e{/Shift}{/Control}",
    );
    await within(dialog).findByRole("radio", { name: "3 days" });
    expect(within(dialog).queryByRole("textbox")).toBeNull();
    await user.click(getButton("Watch it"));
    await screen.findByRole("button", { name: "Delete key…" });
    expect(screen.queryByRole("button", { name: "Back to its places" })).toBeNull();
    expect(host.sent("retire_key")).toEqual([{ account: account().id, key: "2", quietDays: 3 }]);
  });

  it("tells of a failure in its sheet", async () => {
    const { user, dialog } = await open(
      { retire_key: failing({ code: "other", message: "The database is full.", hint: "" }) },
      "{Control>}{Shift>}e{/Shift}{/Control}",
    );
    await within(dialog).findByRole("radio", { name: "3 days" });
    await user.click(getButton("Watch it"));
    await within(dialog).findByText("The database is full.");
  });
});
