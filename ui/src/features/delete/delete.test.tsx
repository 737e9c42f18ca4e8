import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type {
  DeleteCard,
  DeleteOutcome,
  UsageProgress,
  UsageReport,
  UsageSearched,
  WindowEvent,
} from "../../bindings";
import { deferred, type Script } from "../../testing/fakeHost";
import {
  expectFocusOn,
  failing,
  findRow,
  getButton,
  getRow,
  renderApp,
  shownNames,
  signedIn,
  violations,
} from "../../testing/render";
import { account, appState, daysAgo, errors, keyRow } from "../../testing/samples";
import { deleteCard, rotateCard } from "../../testing/sheetSamples";
import {
  checklist,
  finding,
  findingGroups,
  keyUsage,
  usageProgress,
  usageReport,
  usageSearched,
} from "../../testing/usageSamples";

const first = keyRow({ id: "1", name: "first", lastEight: "11111111", lastUsedAt: daysAgo(100) });
const ci = keyRow({ id: "2", lastUsedAt: daysAgo(101) });
const last = keyRow({ id: "3", name: "last", lastEight: "33333333", lastUsedAt: daysAgo(102) });

const calm: Partial<DeleteCard> = { key: ci, friction: "dialog", phrase: null };
const deleted: DeleteOutcome = {
  kind: "deleted",
  at: "2026-11-22T14:03:22Z",
  verification: "token_refused",
  message: "Deleted “CI/CD Pipeline”. Its token was tried and gets 401.",
  signedOut: null,
};

/** The card of the middle row, opened by the Delete key. */
async function openCard(card: Partial<DeleteCard>, changes: Script = {}) {
  const app = renderApp(
    signedIn([first, ci, last], { delete_card: () => deleteCard({ key: ci, ...card }), ...changes }),
  );
  await app.user.click(await findRow("CI/CD Pipeline"));
  await app.user.keyboard("{Delete}");
  const dialog = await screen.findByRole("dialog");
  return { ...app, dialog };
}

describe("the delete card", () => {
  it("shows who the key is, the evidence, the consequence and where to look", async () => {
    const { dialog, host } = await openCard({});
    expect(dialog).toHaveAccessibleName("Delete “CI/CD Pipeline”?");
    await within(dialog).findByText("Something used this key 12 minutes ago.");
    expect(within(dialog).getByText("401 Unauthorized")).toBeVisible();
    for (const shown of [
      "…ab12cd34",
      "Acme Ops",
      "monitors:write, checks:run, incidents:read",
      "14 Jan 2025",
    ]) {
      expect(within(dialog).getByText(shown)).toBeVisible();
    }
    expect(within(dialog).getByRole("region", { name: "Where it is used on this machine" })).toBeVisible();
    expect(await within(dialog).findAllByRole("checkbox")).toHaveLength(5);
    expect(host.sent("delete_card")).toEqual([{ account: account().id, key: "2" }]);
    expect(await violations()).toEqual([]);
  });

  it("shows what is known while the service is asked, and can’t delete yet", async () => {
    const { dialog } = await openCard({}, { delete_card: () => new Promise(() => undefined) });
    expect(within(dialog).getByText("…ab12cd34")).toBeVisible();
    expect(getButton("Delete key…")).toBeDisabled();
  });

  it("can’t delete what the service wouldn’t describe, and asks again", async () => {
    const { dialog, host, user } = await openCard({}, { delete_card: failing(errors.offline) });
    expect(await within(dialog).findByText(errors.offline.message)).toBeVisible();
    expect(getButton("Delete key…")).toBeDisabled();
    host.script.delete_card = () => deleteCard(calm);
    await user.click(getButton("Retry"));
    await waitFor(() => expect(getButton("Delete key…")).toBeEnabled());
  });

  it("wants the phrase exactly, but for spaces around it", async () => {
    const { host, user } = await openCard({}, { delete_key: () => ({ kind: "cancelled" }) });
    const input = await screen.findByLabelText("Type CI/CD Pipeline to delete it");
    for (const wrong of ["ci/cd pipeline", "CI/CD Pipelin"]) {
      await user.clear(input);
      await user.type(input, `${wrong}{Enter}`);
      expect(getButton("Delete key…")).toBeDisabled();
    }
    expect(host.sent("delete_key")).toEqual([]);
    await user.clear(input);
    await user.type(input, " CI/CD Pipeline ");
    await user.click(getButton("Delete key…"));
    expect(host.sent("delete_key")).toEqual([{ account: account().id, key: "2", typed: "CI/CD Pipeline" }]);
  });

  it("takes the name as a keyboard types it, whatever letters it is stored in", async () => {
    const { user } = await openCard({ phrase: "ＣＩ \u1112\u1161\u11ab" });
    await user.type(await screen.findByLabelText(/^Type/), "CI 한");
    expect(getButton("Delete key…")).toBeEnabled();
  });

  it("says when the phrase is the last 8 characters", async () => {
    await openCard({ phrase: "ab12cd34", phraseIsLastEight: true });
    expect(await screen.findByLabelText("Type ab12cd34, the last 8 characters, to delete it")).toBeVisible();
  });

  it("leaves Delete and Backspace to its own text field", async () => {
    const { host, user } = await openCard({});
    const input = await screen.findByLabelText(/^Type/);
    await user.type(input, "abc{ArrowLeft}{Delete}{Backspace}");
    expect(input).toHaveValue("a");
    expect(host.sent("delete_card")).toHaveLength(1);
  });

  it.each([
    ["type_phrase_strongly", "primary"],
    ["type_phrase", "plain"],
    ["dialog", "plain"],
  ] as const)("offers rotating instead (%s: %s)", async (friction, look) => {
    const { user } = await openCard({ friction }, { rotate_card: () => rotateCard({ key: ci }) });
    await waitFor(() => expect(getButton("Rotate instead")).toHaveAttribute("data-look", look));
    expect(getButton("Cancel")).toBeVisible();
    await user.click(getButton("Rotate instead"));
    expect(await screen.findByRole("dialog", { name: "Rotate “CI/CD Pipeline”?" })).toBeVisible();
    expect(screen.getAllByRole("dialog")).toHaveLength(1);
    for (const reason of await screen.findAllByRole("radio")) expect(reason).not.toBeChecked();
  });

  it.each(["{Escape}", "Cancel", "Close"])(
    "closes by %s and gives the focus back to its row",
    async (how) => {
      const { host, user } = await openCard(calm);
      await waitFor(() => expect(getButton("Delete key…")).toBeEnabled());
      if (how === "{Escape}") await user.keyboard(how);
      else await user.click(getButton(how));
      expect(screen.queryByRole("dialog")).toBeNull();
      await expectFocusOn(() => getRow("CI/CD Pipeline"));
      expect(host.sent("delete_key")).toEqual([]);
    },
  );

  it("closes by a click outside", async () => {
    const { user } = await openCard(calm);
    const overlay = document.querySelector("[data-modal]");
    if (overlay === null) throw new Error("no overlay");
    await user.click(overlay);
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("holds the order of the rows when a refresh ends while it is open", async () => {
    const arrival = deferred<null>();
    const changed = [first, ci, { ...last, lastUsedAt: daysAgo(0) }];
    const { user, dialog } = await openCard(calm, {
      cached_keys: ({ account: id }) => ({
        account: id,
        keys: [first, ci, last],
        fetchedAt: daysAgo(1),
        incomplete: null,
      }),
      refresh_keys: async (_, onProgress) => {
        await arrival.promise;
        onProgress({ keys: changed, loaded: 3, total: 3 });
        return {
          fetchedAt: new Date().toISOString(),
          total: 3,
          settled: false,
          incomplete: null,
          readTwice: false,
        };
      },
    });
    const names = () => Array.from(document.querySelectorAll("[role=rowheader]"), (cell) => cell.textContent);
    arrival.resolve(null);
    await waitFor(() => expect(document.querySelector("[role=grid]")).toHaveAttribute("aria-busy", "false"));
    expect(dialog).toBeVisible();
    expect(names()).toEqual(["first", "CI/CD Pipeline", "last"]);
    await user.keyboard("{Escape}");
    await waitFor(() => expect(names()).toEqual(["last", "first", "CI/CD Pipeline"]));
  });
});

describe("the search in the card", () => {
  const found = keyUsage({
    key: "2",
    verdict: "confirmed",
    places: 1,
    words: "Found in 1 place on this machine.",
  });
  const report = usageReport({ keys: [found], groups: findingGroups({ environment: [finding()] }) });
  const raised = deleteCard({ number: 2, key: ci, friction: "type_phrase_strongly", usage: found });

  /** A card that asks for nothing until the search has found something; the test drives the search. */
  async function openSearching(card: Partial<DeleteCard> = calm, changes: Script = {}) {
    const answer = deferred<UsageSearched>();
    let tell: (progress: UsageProgress) => void = () => undefined;
    const app = await openCard(card, {
      usage_search: (_, onProgress) => {
        tell = onProgress;
        return answer.promise;
      },
      ...changes,
    });
    await within(app.dialog).findByText("Something used this key 12 minutes ago.");
    await waitFor(() => expect(app.host.sent("usage_search")).toHaveLength(1));
    const running: UsageReport = { ...report, state: "running", endedAt: null };
    const find = () => act(() => tell(usageProgress(running, "/home/olga", { one: raised })));
    return { ...app, find, end: () => act(() => answer.resolve(usageSearched(report, { one: raised }))) };
  }

  it("begins by itself and blocks nothing", async () => {
    const { host, user } = await openSearching(calm, { delete_key: () => ({ kind: "cancelled" }) });
    expect(host.sent("usage_search")).toEqual([{ account: account().id, keys: ["2"], tier: "folders" }]);
    expect(getButton("Stop")).toBeVisible();
    await user.click(getButton("Delete key…"));
    expect(host.sent("delete_key")).toHaveLength(1);
  });

  it("raises what is asked as soon as something is found, as core says", async () => {
    const { host, dialog, find, end } = await openSearching();
    expect(within(dialog).queryByLabelText(/^Type/)).toBeNull();
    find();
    expect(await within(dialog).findByLabelText("Type CI/CD Pipeline to delete it")).toBeVisible();
    expect(getButton("Delete key…")).toBeDisabled();
    expect(getButton("Rotate instead")).toHaveAttribute("data-look", "primary");
    expect(
      screen.getByText("Found on this machine: type CI/CD Pipeline to delete the key."),
    ).toBeInTheDocument();
    end();
    await screen.findByText(/^Searched/);
    expect(host.sent("delete_card")).toHaveLength(1);
    expect(await violations()).toEqual([]);
  });

  it("leaves what was typed as it is when the search changes the card", async () => {
    const { dialog, user, find } = await openSearching({ phrase: "CI/CD Pipeline" });
    const input = await screen.findByLabelText(/^Type/);
    await user.type(input, "CI/CD");
    find();
    expect(await within(dialog).findByText("Found in 1 place on this machine.")).toBeVisible();
    expect(input).toHaveValue("CI/CD");
    expect(input).toHaveFocus();
  });

  it("leaves a card alone that is newer than what the search tells", async () => {
    const { dialog, find } = await openSearching({ ...calm, number: 3 });
    find();
    expect(await within(dialog).findByText("Found in 1 place on this machine.")).toBeVisible();
    expect(within(dialog).queryByLabelText(/^Type/)).toBeNull();
  });

  it("is over when the card is closed", async () => {
    const { host, user } = await openSearching();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(host.sent("usage_cancel")).toEqual([{ account: account().id, keys: ["2"] }]));
  });
});

describe("the checklist", () => {
  it("is ticked by the user, and kept", async () => {
    const { host, user } = await openCard(calm, {
      checklist: () => checklist({ remote_ci: daysAgo(2, Date.now()) }),
      tick_checklist: () => checklist({ remote_ci: daysAgo(2, Date.now()), other_people: daysAgo(0) }),
    });
    expect(await screen.findByText("1 of 5 done")).toBeVisible();
    expect(screen.getByRole("checkbox", { name: "Secrets of hosted CI/CD" })).toBeChecked();
    const people = screen.getByRole("checkbox", { name: "Other people" });
    await user.click(people);
    expect(people).toBeChecked();
    expect(screen.getByText("2 of 5 done")).toBeVisible();
    expect(host.sent("tick_checklist")).toEqual([
      { account: account().id, key: "2", place: "other_people", ticked: true },
    ]);
  });

  it("takes a tick back that could not be kept, and says why", async () => {
    const { user } = await openCard(calm, { tick_checklist: failing(errors.other) });
    const people = await screen.findByRole("checkbox", { name: "Other people" });
    await user.click(people);
    expect(await screen.findByText(/The server answered with an error/)).toBeVisible();
    expect(people).not.toBeChecked();
  });
});

describe("outcomes", () => {
  async function pressDelete(changes: Script) {
    const app = await openCard(calm, changes);
    await waitFor(() => expect(getButton("Delete key…")).toBeEnabled());
    await app.user.click(getButton("Delete key…"));
    return app;
  }

  it("can’t be dismissed or sent twice while the native dialog is open", async () => {
    const answer = deferred<DeleteOutcome>();
    const { host, user } = await pressDelete({ delete_key: () => answer.promise });
    expect(await screen.findByText("Waiting for your answer in the dialog…")).toBeVisible();
    await user.keyboard("{Escape}");
    await user.click(getButton(/Delete key…/));
    expect(screen.getByRole("dialog")).toBeVisible();
    expect(getButton("Cancel")).toBeDisabled();
    expect(host.sent("delete_key")).toHaveLength(1);
    answer.resolve({ kind: "cancelled" });
    await waitFor(() => expect(getButton("Cancel")).toBeEnabled());
  });

  it("deleted: says how it is known, drops the row, goes to the next one", async () => {
    await pressDelete({ delete_key: () => deleted });
    const toast = await screen.findByText(/Its token was tried and gets 401/);
    expect(toast.parentElement).toHaveTextContent("401 confirmed");
    await waitFor(() => expect(shownNames()).toEqual(["first", "last"]));
    expect(screen.queryByRole("dialog")).toBeNull();
    await expectFocusOn(() => getRow("last"));
    expect(await violations()).toEqual([]);
  });

  describe("step by step", () => {
    const unknown: DeleteOutcome = { kind: "unknown", error: errors.offline };

    async function begin() {
      const answer = deferred<DeleteOutcome>();
      let tell: (event: WindowEvent) => void = () => undefined;
      const app = await pressDelete({
        delete_key: () => answer.promise,
        attach_window: (_, onProgress) => {
          tell = onProgress;
          return null;
        },
      });
      type Step = "deletion_confirmed" | "deletion_accepted";
      const stepUndrawn = (kind: Step, key = "2") => tell({ kind, account: account().id, key });
      const step = (kind: Step, key = "2") => act(() => stepUndrawn(kind, key));
      return { ...app, answer, step, stepUndrawn };
    }
    // Under an open card the list is hidden from whoever asks by role.
    const rowOf = (key: string) => document.querySelector(`[role=row][data-key="${key}"]`);
    const isMarked = (key: string) => (rowOf(key)?.querySelector("[data-deleting]") ?? null) !== null;

    it("marks the row once the user has said yes, and lets it go once the service has", async () => {
      const { answer, step } = await begin();
      expect(isMarked("2")).toBe(false);
      step("deletion_confirmed");
      expect(isMarked("2")).toBe(true);
      expect(isMarked("1")).toBe(false);
      expect(screen.getByText("Deleting…")).toBeVisible();
      step("deletion_accepted");
      expect(shownNames()).toEqual(["first", "last"]);
      expect(screen.queryByRole("dialog")).toBeNull();
      expect(screen.queryByText(/gets 401/)).toBeNull();
      await expectFocusOn(() => getRow("last"));
      answer.resolve(deleted);
      expect(await screen.findByText(/Its token was tried and gets 401/)).toBeVisible();
      expect(shownNames()).toEqual(["first", "last"]);
    });

    it("lets it go at once of a service that answers before the mark is drawn", async () => {
      const { stepUndrawn } = await begin();
      act(() => {
        stepUndrawn("deletion_confirmed");
        stepUndrawn("deletion_accepted");
      });
      expect(shownNames()).toEqual(["first", "last"]);
    });

    it("lets go of no row for another key’s sake", async () => {
      const { step } = await begin();
      step("deletion_accepted", "3");
      expect(screen.getByRole("dialog")).toBeVisible();
      expect(rowOf("2")).not.toBeNull();
      expect(rowOf("3")).not.toBeNull();
    });

    it("takes the mark away where nothing came of it", async () => {
      const { answer, step } = await begin();
      step("deletion_confirmed");
      answer.resolve({ kind: "not_deleted", error: errors.rateLimited });
      expect(await screen.findByText(errors.rateLimited.message)).toBeVisible();
      expect(isMarked("2")).toBe(false);
    });

    it("brings the row back where the service’s word was not borne out, and says so", async () => {
      const { answer, step } = await begin();
      step("deletion_confirmed");
      step("deletion_accepted");
      expect(shownNames()).toEqual(["first", "last"]);
      answer.resolve(unknown);
      expect(await screen.findByText(errors.offline.message)).toBeVisible();
      await waitFor(() => expect(shownNames()).toContain("CI/CD Pipeline"));
      expect(isMarked("2")).toBe(false);
    });
  });

  it.each([
    ["token_refused", /^Revoked \d\d:03:22 · 401 confirmed$/],
    ["record_gone", /^Deleted \d\d:03:22 · record gone$/],
    ["token_accepted", /^Deleted \d\d:03:22 · its token is still accepted$/],
  ] as const)("tells what was seen, and no more (%s)", async (verification, words) => {
    await pressDelete({ delete_key: () => ({ ...deleted, verification }) });
    expect(await screen.findByText(words)).toBeVisible();
  });

  it("gone already: drops the row and says so", async () => {
    await pressDelete({
      delete_key: () => ({ kind: "gone_already", message: "It was gone already.", signedOut: null }),
    });
    expect(await screen.findByText("It was gone already.")).toBeVisible();
    await waitFor(() => expect(shownNames()).toEqual(["first", "last"]));
  });

  it("cancelled: nothing is lost", async () => {
    const { user } = await openCard({}, { delete_key: () => ({ kind: "cancelled" }) });
    const input = await screen.findByLabelText(/^Type/);
    await user.type(input, "CI/CD Pipeline{Enter}");
    await waitFor(() => expect(getButton("Delete key…")).toBeEnabled());
    expect(input).toHaveValue("CI/CD Pipeline");
  });

  it("rotate instead, chosen in the native dialog: opens the rotate card", async () => {
    const { host, user } = await pressDelete({
      delete_key: () => ({ kind: "rotate_instead" }),
      rotate_card: () => rotateCard({ key: ci }),
    });
    expect(await screen.findByRole("dialog", { name: "Rotate “CI/CD Pipeline”?" })).toBeVisible();
    expect(host.sent("rotate_card")).toEqual([{ account: account().id, key: "2" }]);
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await expectFocusOn(() => getRow("CI/CD Pipeline"));
  });

  it("card changed: shows the new card and why", async () => {
    await pressDelete({
      delete_key: () => ({
        kind: "card_changed",
        message: "Something used it a moment ago.",
        card: deleteCard({ key: ci, friction: "type_phrase_strongly" }),
      }),
    });
    expect(await screen.findByText("Something used it a moment ago.")).toBeVisible();
    expect(getButton("Delete key…")).toBeDisabled();
    expect(getButton("Rotate instead")).toBeVisible();
  });

  it.each(["not_deleted", "unknown"] as const)(
    "%s: the row stays, with the reason and what now",
    async (kind) => {
      const { dialog, user } = await pressDelete({ delete_key: () => ({ kind, error: errors.rateLimited }) });
      expect(await within(dialog).findByText(errors.rateLimited.message)).toBeVisible();
      expect(within(dialog).getByText(errors.rateLimited.hint)).toBeVisible();
      expect(await violations()).toEqual([]);
      await user.keyboard("{Escape}");
      expect(shownNames()).toEqual(["first", "CI/CD Pipeline", "last"]);
    },
  );

  it("a failed command is told in the card, which can be asked anew", async () => {
    const { dialog, host, user } = await pressDelete({ delete_key: failing(errors.offline) });
    expect(await within(dialog).findByText(errors.offline.message)).toBeVisible();
    await user.click(getButton("Ask again"));
    await waitFor(() => expect(host.sent("delete_card")).toHaveLength(2));
  });

  it("leads to signing in again when the credential was refused", async () => {
    const { user } = await pressDelete({
      delete_key: () => ({ kind: "not_deleted", error: errors.unauthorized }),
    });
    await user.click(await screen.findByRole("button", { name: "Sign in again…" }));
    expect(await screen.findByRole("heading", { name: /Sign in again to/ })).toBeVisible();
  });

  it("the app’s own key: signs out to the first start, with a word", async () => {
    await pressDelete({ delete_key: () => ({ ...deleted, signedOut: appState({ accounts: [] }) }) });
    expect(await screen.findByLabelText("Address")).toBeVisible();
    expect(screen.getByText(/Its token was tried and gets 401/)).toBeVisible();
  });
});
