import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { BulkResult, BulkResultKind, KeyRow, Revocations, RevocationConfirmed } from "../../bindings";
import {
  expectFocusOn,
  failing,
  findRow,
  getButton,
  getRow,
  shownNames,
  violations,
} from "../../testing/render";
import { account, errors, manyKeys } from "../../testing/samples";
import { bulkResult } from "../../testing/sheetSamples";
import { endInWords, groupsOf, milestoneOf } from "./results";
import { busy, weekly, idle, older, never, calm, progress, finished, startRun } from "../../testing/bulk";

describe("the run", () => {
  it("says how far it is, at which key, and how each ended", async () => {
    const { dialog, tell } = await startRun();
    tell(progress(0, { current: "3" }));
    expect(dialog).toHaveAccessibleName("Deleting 3 keys");
    const bar = screen.getByRole("progressbar", { name: "Keys dealt with" });
    expect(bar).toHaveAttribute("aria-valuenow", "0");
    expect(bar).toHaveAttribute("aria-valuemax", "3");
    expect(getButton("Cancel the rest")).toHaveFocus();
    expect(getButton("Cancel the rest")).toHaveAccessibleDescription(/finished first/);
    tell(progress(1, { results: [bulkResult(idle, "deleted")] }));
    tell(progress(2, { current: "5", results: [bulkResult(older, "not_deleted", errors.other)] }));
    expect(bar).toHaveAttribute("aria-valuetext", "2 of 3");
    const items = within(screen.getByRole("list", { name: "Keys" })).getAllByRole("listitem");
    expect(items.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/^idle…00000003Deleted \d\d:03:22$/),
      "older…00000004Not deletedThe server answered with an error (500). Nothing was deleted.",
      "never…00000005Deleting…",
    ]);
    expect(within(dialog).getByText("2 of 3 keys done, 1 not deleted.")).toHaveAttribute("role", "status");
    expect(await violations()).toEqual([]);
  });

  it("says until when it waits for the rate limit", async () => {
    const { tell } = await startRun();
    tell(progress(1, { current: "4", waitingUntil: "2026-11-22T14:03:22Z" }));
    const status = screen.getByText(/Waiting for PulseAPI’s rate limit until \d\d:03:22/);
    expect(status).toHaveAttribute("role", "status");
    tell(progress(1, { current: "4" }));
    expect(screen.queryByText(/Waiting for PulseAPI/)).toBeNull();
  });

  it("asks before it is left, and goes on meanwhile", async () => {
    const { host, user, tell, dialog } = await startRun();
    tell(progress(0, { current: "3" }));
    for (const leave of ["{Escape}", "Close"]) {
      if (leave === "{Escape}") await user.keyboard(leave);
      else await user.click(getButton(leave));
      expect(screen.getByText("Deleting goes on. Stop after this key?")).toBeVisible();
      expect(getButton("Go on deleting")).toHaveFocus();
      tell(progress(1, { results: [bulkResult(idle, "deleted")] }));
      expect(getButton("Go on deleting")).toHaveFocus();
      await user.keyboard("{Enter}");
      expect(getButton("Cancel the rest")).toHaveFocus();
    }
    await user.keyboard("{Escape}{Escape}");
    expect(screen.queryByText(/Deleting goes on/)).toBeNull();
    expect(dialog).toBeVisible();
    expect(host.sent("cancel_delete_keys")).toEqual([]);
    await user.keyboard("{Escape}");
    await user.click(getButton("Stop after this key"));
    expect(host.sent("cancel_delete_keys")).toEqual([account().id].map((id) => ({ account: id })));
    expect(screen.getByText("Stopping. The key that is on its way is finished first.")).toBeVisible();
    // Nothing more can be asked of it.
    await user.keyboard("{Escape}");
    expect(screen.queryByText(/Deleting goes on/)).toBeNull();
    expect(dialog).toBeVisible();
  });

  it("cancelled in the middle: what was deleted, what was not tried, and the rest once more", async () => {
    const { host, user, tell, end, dialog } = await startRun();
    tell(progress(0, { current: "3" }));
    await user.keyboard("{Enter}");
    expect(host.sent("cancel_delete_keys")).toHaveLength(1);
    tell(progress(1, { results: [bulkResult(idle, "deleted")] }));
    end(
      finished(
        [
          [idle, "deleted"],
          [older, "not_tried"],
          [never, "not_tried"],
        ],
        "Cancelled. Deleted 1 of 3 keys. 2 were not tried.",
        true,
      ),
    );
    await waitFor(() => expect(dialog).toHaveAccessibleName("Deleting 3 keys: cancelled"));
    await waitFor(() => expect(screen.getByRole("region", { name: "Results" })).toHaveFocus());
    expect(screen.getAllByText("Cancelled. Deleted 1 of 3 keys. 2 were not tried.")[0]).toHaveAttribute(
      "role",
      "status",
    );
    expect(screen.getByText("Not tried: cancelled before its turn.")).toBeVisible();
    expect(await violations()).toEqual([]);

    await user.click(getButton("Try the rest again"));
    await waitFor(() =>
      expect(host.sent("bulk_card").at(-1)).toEqual({ account: account().id, keys: ["4", "5"] }),
    );
    expect(dialog).toHaveAccessibleName("Delete 2 keys?");
    host.script.delete_keys = () =>
      finished(
        [
          [older, "deleted"],
          [never, "not_deleted", errors.other],
        ],
        "Deleted 1 of 2 keys. 1 was not deleted.",
      );
    await waitFor(() => expect(getButton("Delete 2 keys…")).toBeEnabled());
    await user.click(getButton("Delete 2 keys…"));
    await waitFor(() => expect(dialog).toHaveAccessibleName("Deleting 2 keys: done"));
    await user.click(within(dialog).getAllByRole("button", { name: "Close" }).at(-1) ?? dialog);

    // Of both rounds: the deleted ones leave, the one that failed stays selected.
    await waitFor(() => expect(shownNames()).toEqual(["busy", "weekly", "Pulse Keysthis app", "never"]));
    expect(await findRow("never")).toHaveAttribute("aria-selected", "true");
    expect(await findRow("busy")).toHaveAttribute("aria-selected", "false");
    await expectFocusOn(() => getRow("never"));
    expect(host.sent("refresh_keys").length).toBeGreaterThan(1);
  });

  it("says so when it could not be called off", async () => {
    const { user, tell } = await startRun({ cancel_delete_keys: failing(errors.other) });
    tell(progress(0, { current: "3" }));
    await user.keyboard("{Enter}");
    expect(await screen.findByText(errors.other.message)).toBeVisible();
    expect(screen.queryByText(/^Stopping/)).toBeNull();
  });
});

describe("the end", () => {
  it("tells every outcome with its reason, first what asks for something", async () => {
    const { dialog, tell, end, user } = await startRun();
    tell(progress(0, { current: "3" }));
    end(
      finished(
        [
          [idle, "deleted"],
          [older, "gone_already"],
          [never, "not_deleted", errors.other],
          [weekly, "unknown", errors.offline],
          [busy, "not_tried", errors.offline],
        ],
        "Deleted 1 of 5 keys.",
      ),
    );
    await waitFor(() => expect(dialog).toHaveAccessibleName("Deleting 5 keys: stopped early"));
    const results = screen.getByRole("region", { name: "Results" });
    expect(
      within(results)
        .getAllByRole("heading")
        .map(({ textContent }) => textContent),
    ).toEqual(["Not deleted1", "Not known yet1", "Not tried1", "Gone already1", "Deleted1"]);
    expect(within(results).getByText(`${errors.other.message} ${errors.other.hint}`)).toBeVisible();
    expect(within(results).getAllByText(`${errors.offline.message} ${errors.offline.hint}`)).toHaveLength(2);
    expect(within(results).getByText(/:03:22 · 401 confirmed/)).toBeVisible();
    expect(within(results).getByText("It was gone already.")).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await waitFor(() => expect(shownNames()).toEqual(["busy", "weekly", "Pulse Keysthis app", "never"]));
    for (const name of ["busy", "weekly", "never"]) {
      expect(await findRow(name)).toHaveAttribute("aria-selected", "true");
    }
  });

  it("all deleted: nothing is left to try, the rows leave, the list is asked anew", async () => {
    const { dialog, end, user, host } = await startRun();
    end(
      finished(
        calm.map((row): [KeyRow, BulkResultKind] => [row, "deleted"]),
        "Deleted 3 keys. Their tokens get 401.",
      ),
    );
    await waitFor(() => expect(dialog).toHaveAccessibleName("Deleting 3 keys: done"));
    expect(screen.queryByRole("button", { name: "Try the rest again" })).toBeNull();
    const asked = host.sent("refresh_keys").length;
    await user.keyboard("{Escape}");
    await waitFor(() => expect(shownNames()).toEqual(["busy", "weekly", "Pulse Keysthis app"]));
    for (const row of screen.getAllByRole("row")) expect(row).not.toHaveAttribute("aria-selected", "true");
    await waitFor(() => expect(host.sent("refresh_keys").length).toBeGreaterThan(asked));
    await expectFocusOn(() => getRow(/Pulse Keys/));
  });

  it("leads to signing in again when the credential was refused in the middle", async () => {
    const { tell, end, user } = await startRun();
    tell(progress(1, { results: [bulkResult(idle, "deleted")] }));
    end(
      finished(
        [
          [idle, "deleted"],
          [older, "not_deleted", errors.unauthorized],
          [never, "not_tried", errors.unauthorized],
        ],
        "Deleted 1 of 3 keys. 1 was not deleted, 1 was not tried.",
      ),
    );
    expect(await screen.findByRole("button", { name: "Try the rest again" })).toBeVisible();
    expect(screen.getByText(errors.unauthorized.message)).toBeVisible();
    await user.click(getButton("Sign in again…"));
    expect(await screen.findByRole("heading", { name: /Sign in again to/ })).toBeVisible();
    await user.click(screen.getByRole("tab", { name: "API Keys" }));
    await findRow("older");
    expect(shownNames()).not.toContain("idle");
  });

  it("keeps what was told when the run breaks off by itself", async () => {
    const { tell, fail, dialog } = await startRun();
    tell(progress(1, { results: [bulkResult(idle, "deleted")] }));
    fail(new Error("gone"));
    await waitFor(() => expect(dialog).toHaveAccessibleName("Deleting 3 keys: done"));
    const results = screen.getByRole("region", { name: "Results" });
    expect(within(results).getByText("Not known yet")).toBeVisible();
    expect(within(results).getByText("Deleted")).toBeVisible();
  });
});

describe("in words", () => {
  const rows = manyKeys(200);
  const run = (done: number, bad = 0) => ({
    rows,
    isAnswered: true,
    done,
    current: null,
    waitingUntil: null,
    isStopping: false,
    results: new Map(
      rows
        .slice(0, done)
        .map((row, place) => [row.id, bulkResult(row, place < bad ? "not_deleted" : "deleted")]),
    ),
  });

  it("speaks at every tenth, not at every key", () => {
    const said = Array.from({ length: 201 }, (_, done) => milestoneOf(run(done)));
    expect(new Set(said).size).toBe(11);
    expect(milestoneOf(run(19))).toBe("");
    expect(milestoneOf(run(21, 2))).toBe("20 of 200 keys done, 2 not deleted.");
    expect(milestoneOf(run(200))).toBe("200 of 200 keys done.");
  });

  it("says the same reason once", () => {
    const results = rows.slice(0, 3).map((row) => bulkResult(row, "not_tried"));
    expect(groupsOf(results, null)).toMatchObject([
      { kind: "not_tried", shared: "Not tried: cancelled before its turn." },
    ]);
    expect(endInWords({ results, isCancelled: false, message: "" })).toBe("stopped early");
  });
});

describe("keys that changed, and tokens that are still accepted", () => {
  it("are groups of their own, and a 401 that is seen later is told at its key", async () => {
    let watch: (now: Revocations) => void = () => undefined;
    const { end } = await startRun({
      watch_revocations: (_, onProgress) => {
        watch = onProgress;
        return new Promise(() => undefined);
      },
    });
    const stale: BulkResult = { ...bulkResult(idle, "deleted"), verification: "token_accepted" };
    end({
      kind: "finished",
      results: [stale, bulkResult(older, "changed"), bulkResult(never, "deleted")],
      cancelled: false,
      message: "Deleted 2 of 3 keys. 1 was left alone for having changed.",
    });
    const results = await screen.findByRole("region", { name: "Results" });
    expect(within(results).getByText("Left alone. It was called “CI” before.")).toBeVisible();
    expect(within(results).getByText(/:03:22 · its token is still accepted/)).toBeVisible();
    const confirmed: RevocationConfirmed = {
      account: account().id,
      key: idle.id,
      at: "2026-11-22T14:03:37Z",
      inBrowser: false,
      message: "The token of “idle” gets 401 now.",
      signedOut: null,
    };
    act(() => watch({ open: [], confirmed: [confirmed] }));
    expect(await within(results).findByText(/:03:37 · 401 confirmed/)).toBeVisible();
    expect(await violations()).toEqual([]);
  });
});
