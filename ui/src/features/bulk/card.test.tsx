import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { KeyRow, UsageProgress, UsageSearched } from "../../bindings";
import { deferred } from "../../testing/fakeHost";
import { expectFocusOn, failing, getButton, getRow, shownNames, violations } from "../../testing/render";
import { account, errors, manyKeys, minutesAgo } from "../../testing/samples";
import { bulkCard, bulkRow } from "../../testing/sheetSamples";
import {
  keyUsage,
  nothingFound,
  usageProgress,
  usageReport,
  usageSearched,
} from "../../testing/usageSamples";
import {
  busy,
  weekly,
  idle,
  older,
  never,
  all,
  calm,
  cardOf,
  openCard,
  box,
  boxes,
  startRun,
} from "../../testing/bulk";

describe("the search in the card", () => {
  const found = keyUsage({
    key: "3",
    lastEight: "00000003",
    verdict: "confirmed",
    places: 2,
    words: "Found in 2 places on this machine.",
  });
  const nothing = (row: KeyRow) => keyUsage({ key: row.id, lastEight: row.lastEight, ...nothingFound });
  const keys = all.map((row) => (row.id === "3" ? found : nothing(row)));

  async function openSearching() {
    const answer = deferred<UsageSearched>();
    let tell: (progress: UsageProgress) => void = () => undefined;
    const app = await openCard(all, {
      usage_search: (_, onProgress) => {
        tell = onProgress;
        return answer.promise;
      },
    });
    await screen.findByText("3 of 6 ticked, 2 risky left out");
    await waitFor(() => expect(app.host.sent("usage_search")).toHaveLength(1));
    const rows = cardOf(all.map(({ id }) => id)).rows.map((row) => ({ ...row, number: 2 }));
    const risen = { friction: "type_phrase_strongly", risky: true, ticked: false, usage: found } as const;
    const many = rows.map((row) => (row.key.id === "3" ? { ...row, ...risen } : row));
    const report = usageReport({ keys, state: "running", endedAt: null });
    const changed = many.filter(({ key }) => key.id === "3");
    const find = () => act(() => tell(usageProgress(report, "/home/olga", { many: changed })));
    return { ...app, find, end: () => act(() => answer.resolve(usageSearched({ keys }, { many }))) };
  }

  it("is one for all keys; each row tells what was found of it", async () => {
    const { host, find, end } = await openSearching();
    expect(host.sent("usage_search")).toEqual([
      { account: account().id, keys: ["1", "2", "3", "4", "6", "5"], tier: "folders" },
    ]);
    expect(host.sent("usage_last")).toEqual([]);
    find();
    expect(await screen.findByText("Found in 2 places on this machine.")).toBeVisible();
    expect(box(/^idle/)).toHaveAccessibleDescription(/Found in 2 places on this machine/);
    expect(box(/^older/)).not.toHaveAccessibleDescription(/Nothing found/);
    end();
    expect(await screen.findByText(/^Searched/)).toBeVisible();
    expect(box(/^older/)).toHaveAccessibleDescription(/Nothing found in the places searched/);
    expect(await violations()).toEqual([]);
  });

  it("unticks what has become risky, but for what the user ticked", async () => {
    const { host, user, find } = await openSearching();
    await user.click(box(/^older/));
    find();
    expect(await screen.findByText("1 of 6 ticked, 3 risky left out")).toBeVisible();
    expect(screen.getByText("Found 1 more key that may still be in use.")).toBeInTheDocument();
    expect(box(/^older/)).not.toBeChecked();
    expect(host.sent("bulk_card")).toHaveLength(1);
    await user.click(box(/^idle/));
    expect(screen.getByLabelText("Type delete 2 keys to delete them")).toBeVisible();
    expect(getButton("Delete 2 keys…")).toBeDisabled();
  });
});

describe("the card", () => {
  it("lists each key with its evidence; risky ones aren’t ticked, and what can’t go says why", async () => {
    const { dialog, host } = await openCard();
    expect(await within(dialog).findByText("3 of 6 ticked, 2 risky left out")).toBeVisible();
    expect(dialog).toHaveAccessibleName("Delete 6 keys?");
    expect(host.sent("bulk_card")).toEqual([{ account: account().id, keys: ["1", "2", "3", "4", "6", "5"] }]);
    for (const { name } of calm) expect(box(new RegExp(`^${name}`))).toBeChecked();
    for (const { name } of [busy, weekly]) {
      expect(box(new RegExp(`^${name}`))).not.toBeChecked();
      expect(box(new RegExp(`^${name}`))).toHaveAccessibleDescription(/Risky Something used this key/);
    }
    expect(box("busy …00000001")).toBeVisible();
    expect(box(/^Pulse Keys/)).not.toBeChecked();
    expect(box(/^Pulse Keys/)).toHaveAttribute("aria-disabled", "true");
    expect(box(/^Pulse Keys/)).toHaveAccessibleDescription(
      /Pulse Keys signs in with it; delete it by itself/,
    );
    expect(within(dialog).getByText("401 Unauthorized")).toBeVisible();
    expect(screen.queryByLabelText(/^Type/)).toBeNull();
    expect(getButton("Delete 3 keys…")).toBeEnabled();
    expect(await violations()).toEqual([]);
  });

  it("shows the keys while the service is asked, and can’t delete yet", async () => {
    const { user } = await openCard(all, { bulk_card: () => new Promise(() => undefined) });
    expect(boxes()).toHaveLength(6);
    expect(getButton("Delete keys…")).toBeDisabled();
    await user.click(box(/^idle/));
    expect(box(/^idle/)).not.toBeChecked();
    expect(await screen.findByText("Asking PulseAPI…")).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it("asks again when the service could not be asked", async () => {
    const { host, user } = await openCard(all, { bulk_card: failing(errors.offline) });
    expect(await screen.findByText(errors.offline.message)).toBeVisible();
    host.script.bulk_card = ({ keys }) => cardOf(keys);
    await user.click(getButton("Retry"));
    await waitFor(() => expect(getButton("Delete 3 keys…")).toBeEnabled());
    expect(host.sent("bulk_card")).toHaveLength(2);
  });

  it("shows beside each key what the user wrote about it", async () => {
    const note = { key: "3", purpose: "Nightly deploys", owner: "", storedIn: "1Password", reviewOn: null };
    await openCard(all, {
      key_notes: ({ account: of }) => ({ account: of, notes: [{ ...note, writtenAt: minutesAgo(5) }] }),
    });
    const words = "Your note: Nightly deploys · Kept in: 1Password";
    await waitFor(() => expect(box(/^idle/)).toHaveAccessibleDescription(new RegExp(words)));
    expect(box(/^older/)).not.toHaveAccessibleDescription(/Your note/);
    expect(await violations()).toEqual([]);
  });

  it("is gone through by arrows and ticked by Space", async () => {
    const { user } = await openCard();
    await screen.findByText(/3 of 6 ticked/);
    while (document.activeElement !== boxes()[0]) await user.tab();
    await user.keyboard("{ArrowDown}{ArrowDown} ");
    expect(box(/^idle/)).toHaveFocus();
    expect(box(/^idle/)).not.toBeChecked();
    expect(getButton("Delete 2 keys…")).toBeEnabled();
    // What can't be ticked can be reached: its reason is to be heard.
    await user.keyboard("{ArrowDown}{ArrowDown} ");
    expect(box(/^Pulse Keys/)).toHaveFocus();
    expect(box(/^Pulse Keys/)).not.toBeChecked();
    await user.keyboard("{End}");
    expect(box(/^never/)).toHaveFocus();
    await user.keyboard("{ArrowDown}{Home}{ArrowUp}");
    expect(box(/^busy/)).toHaveFocus();
    await user.tab();
    await user.tab({ shift: true });
    expect(box(/^busy/)).toHaveFocus();
  });

  it("ticks all but the risky ones, and none", async () => {
    const { user } = await openCard();
    await screen.findByText(/3 of 6 ticked/);
    expect(getButton("Tick all but risky")).toBeDisabled();
    await user.click(box(/^busy/));
    expect(screen.getByText("4 of 6 ticked, 1 of them risky")).toBeVisible();
    await user.click(getButton("Untick all"));
    expect(screen.getByText("0 of 6 ticked, 2 risky left out")).toBeVisible();
    expect(getButton("Delete keys…")).toBeDisabled();
    await user.click(getButton("Tick all but risky"));
    expect(screen.getByText("3 of 6 ticked, 2 risky left out")).toBeVisible();
  });

  it("wants the number typed when a risky one is ticked", async () => {
    const { host, user } = await openCard(all, { delete_keys: () => ({ kind: "cancelled" }) });
    await screen.findByText(/3 of 6 ticked/);
    await user.click(box(/^weekly/));
    expect(screen.getByText("1 of these keys may still be in use.")).toBeVisible();
    const field = screen.getByLabelText("Type delete 4 keys to delete them");
    expect(getButton("Delete 4 keys…")).toBeDisabled();
    await user.type(field, "delete 3 keys{Enter}");
    expect(getButton("Delete 4 keys…")).toBeDisabled();
    expect(host.sent("delete_keys")).toEqual([]);
    await user.clear(field);
    await user.type(field, " delete 4 keys ");
    expect(getButton("Delete 4 keys…")).toBeEnabled();
    // One more, and it is another number.
    await user.click(box(/^busy/));
    expect(getButton("Delete 5 keys…")).toBeDisabled();
    await user.click(box(/^busy/));
    await user.type(field, "{Enter}");
    expect(host.sent("delete_keys")).toEqual([
      { account: account().id, keys: ["2", "3", "4", "5"], typed: "delete 4 keys" },
    ]);
    expect(await violations()).toEqual([]);
  });

  it("says “delete 1 key”", async () => {
    const { user } = await openCard();
    await screen.findByText(/3 of 6 ticked/);
    await user.click(getButton("Untick all"));
    await user.click(box(/^weekly/));
    expect(screen.getByLabelText("Type delete 1 key to delete them")).toBeVisible();
    expect(getButton("Delete 1 key…")).toBeDisabled();
  });

  it("closes by Esc without having sent anything; rows and focus stay as they were", async () => {
    const { host, user } = await openCard();
    await screen.findByText(/3 of 6 ticked/);
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(host.sent("delete_keys")).toEqual([]);
    await expectFocusOn(() => getRow("busy"));
    expect(shownNames()).toHaveLength(6);
  });

  it("has room for five hundred", async () => {
    const rows = manyKeys(500).map((row) => ({ ...row, lastUsedAt: null }));
    await openCard(rows);
    expect(await screen.findByText("500 of 500 ticked")).toBeVisible();
    expect(boxes()).toHaveLength(500);
    expect(getButton("Delete 500 keys…")).toBeEnabled();
  });
});

describe("the native dialog", () => {
  it("can’t be left or asked twice while it is open", async () => {
    const { host, user, dialog, end } = await startRun();
    expect(await screen.findByText("Waiting for your answer in the dialog…")).toBeVisible();
    await user.keyboard("{Escape}");
    await user.click(getButton(/Delete 3 keys…/));
    await user.click(box(/^idle/));
    expect(dialog).toBeVisible();
    expect(box(/^idle/)).toBeChecked();
    expect(getButton("Cancel")).toBeDisabled();
    expect(host.sent("delete_keys")).toEqual([{ account: account().id, keys: ["3", "4", "5"], typed: null }]);
    end({ kind: "cancelled" });
    await waitFor(() => expect(getButton("Cancel")).toBeEnabled());
    expect(getButton("Delete 3 keys…")).toBeEnabled();
  });

  it("card changed: the message on top, the new card, the ticks as core says", async () => {
    const { end } = await startRun();
    const gone = bulkRow(idle, { ticked: false, obstacle: "It was gone already.", evidence: "No record." });
    end({
      kind: "card_changed",
      card: bulkCard([
        gone,
        bulkRow(older, { ticked: false }),
        bulkRow(never),
        bulkRow(busy, { ticked: true }),
      ]),
      message: "“idle” was gone already. 2 keys are still ticked.",
    });
    expect(await screen.findByText(/“idle” was gone already/)).toBeVisible();
    expect(boxes().map((each) => (each as HTMLInputElement).checked)).toEqual([false, false, true, true]);
    expect(box(/^idle/)).toHaveAccessibleDescription(/It was gone already\./);
    expect(screen.getByLabelText("Type delete 2 keys to delete them")).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it("a failed command is told in the card, which can be asked anew", async () => {
    const { host, user } = await startRun({ delete_keys: failing(errors.rateLimited) });
    expect(await screen.findByText(errors.rateLimited.message)).toBeVisible();
    await user.click(getButton("Ask again"));
    await waitFor(() => expect(host.sent("bulk_card")).toHaveLength(2));
    expect(screen.queryByText(errors.rateLimited.message)).toBeNull();
  });
});
