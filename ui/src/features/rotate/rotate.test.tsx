import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { PlaceFile, Places, RotateOutcome } from "../../bindings";
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
import { account, daysAgo, errors, keyRow } from "../../testing/samples";
import { rotateCard, token } from "../../testing/sheetSamples";
import { finding, findingGroups, keyUsage, usageReport, usageSearched } from "../../testing/usageSamples";

const first = keyRow({ id: "1", name: "first", lastEight: "11111111", lastUsedAt: daysAgo(100) });
const ci = keyRow({ id: "2", lastEight: "0ld0ld00", lastUsedAt: daysAgo(101) });
const last = keyRow({ id: "3", name: "last", lastEight: "33333333", lastUsedAt: daysAgo(102) });

const rotated: RotateOutcome = {
  kind: "rotated",
  token: token({ key: "2", origin: "rotated", oldTokenKnown: true }),
  trouble: null,
  written: null,
};

/** The card of the middle row, opened by its keys. */
async function openCard(changes: Script = {}) {
  const app = renderApp(
    signedIn([first, ci, last], {
      rotate_card: () => rotateCard({ key: ci }),
      open_finding: () => null,
      keep_token: () => ({ tokens: [] }),
      ...changes,
    }),
  );
  await app.user.click(await findRow("CI/CD Pipeline"));
  await app.user.keyboard("{Control>}{Shift>}r{/Shift}{/Control}");
  const dialog = await screen.findByRole("dialog", { name: "Rotate “CI/CD Pipeline”?" });
  return { ...app, dialog };
}

async function pressRotate(changes: Script) {
  const app = await openCard(changes);
  await app.user.click(await screen.findByRole("radio", { name: "The token leaked" }));
  await app.user.click(getButton("Rotate key…"));
  return app;
}

/** A row, also under an open sheet, which hides it from assistive technology. */
const rowOf = (name: string) => getRow(name, { hidden: true });

function placeFile(id: string, changes: Partial<PlaceFile> = {}): PlaceFile {
  return {
    id,
    path: `/home/ada/${id}`,
    shortPath: `~/${id}`,
    heading: "environment",
    title: "Application environment variables",
    before: "2|••••0ld0ld00",
    after: null,
    spots: [{ line: 2, variable: "PULSEAPI_TOKEN", encoding: "raw" }],
    remarks: [],
    needsConsent: false,
    ...changes,
  };
}

const plan: Places = {
  searched: true,
  ofKey: ci.id,
  isBack: false,
  files: [placeFile(".env"), placeFile("k8s.yaml"), placeFile("linked", { needsConsent: true })],
  byHand: [],
};

describe("the plan beside a rotation", () => {
  it("ticks nothing by itself, and goes with the rotation as it is ticked", async () => {
    const written = { message: "The new token is in 2 files, 3 seconds after it arrived.", results: [] };
    const { dialog, host, user } = await openCard({
      usage_search: () => usageSearched(usageReport()),
      places_before_rotation: () => plan,
      rotate_key: () => ({ ...rotated, written }),
    });
    await within(dialog).findByText("0 of 3 files ticked");
    await user.click(await screen.findByRole("radio", { name: "It is time to" }));
    expect(getButton("Rotate key…")).toBeEnabled();
    expect(dialog).toHaveTextContent("→ the new token");
    await user.click(getButton("Tick all 2"));
    expect(within(dialog).getByRole("checkbox", { name: "~/linked" })).not.toBeChecked();
    expect(await violations()).toEqual([]);
    await user.click(getButton("Rotate key, write 2 files…"));
    expect(await screen.findByText(written.message)).toBeVisible();
    expect(host.sent("rotate_key")).toEqual([
      { account: account().id, key: "2", reason: "routine", files: [".env", "k8s.yaml"] },
    ]);
  });

  it("is looked at again when nothing was rotated, with the same ticks", async () => {
    const { dialog, host, user } = await openCard({
      usage_search: () => usageSearched(usageReport()),
      places_before_rotation: () => plan,
      rotate_key: () => ({ kind: "cancelled" }),
    });
    await user.click(await within(dialog).findByRole("checkbox", { name: "~/.env" }));
    await user.click(screen.getByRole("radio", { name: "It is time to" }));
    await user.click(getButton("Rotate key, write 1 file…"));
    await waitFor(() => expect(host.sent("places_before_rotation")).toHaveLength(2));
    expect(await within(dialog).findByRole("checkbox", { name: "~/.env" })).toBeChecked();
  });

  it("tells of what can’t be written where there is nothing else", async () => {
    const byHand = {
      path: "/home/ada/.env",
      shortPath: "~/.env",
      line: 2,
      variable: "PULSEAPI_TOKEN",
      reason: "On a disk that can only be read.",
      steps: "Put the new token there by hand.",
      needsChange: true,
    };
    const { dialog } = await openCard({
      usage_search: () => usageSearched(usageReport()),
      places_before_rotation: () => ({ ...plan, files: [], byHand: [byHand] }),
    });
    expect(await within(dialog).findByText("No file with the old token can be written.")).toBeVisible();
    expect(dialog).toHaveTextContent("On a disk that can only be read.");
  });
});

describe("the rotate card", () => {
  it("shows who the key is, the evidence, the reasons, and what the chosen one means", async () => {
    const { dialog, host, user } = await openCard();
    await within(dialog).findByText("Something used this key 12 minutes ago.");
    expect(within(dialog).getByText("…0ld0ld00")).toBeVisible();
    expect(getButton("Rotate key…")).toBeDisabled();
    expect(screen.queryByText("401 Unauthorized")).toBeNull();
    for (const reason of screen.getAllByRole("radio")) expect(reason).not.toBeChecked();
    await user.click(screen.getByRole("radio", { name: "It is time to" }));
    expect(screen.getByText("401 Unauthorized")).toBeVisible();
    expect(screen.getByText(/Have the places that use it at hand/)).toBeVisible();
    expect(getButton("Rotate key…")).toBeEnabled();
    expect(host.sent("rotate_card")).toEqual([{ account: account().id, key: "2" }]);
    expect(host.sent("rotate_key")).toEqual([]);
    expect(await violations()).toEqual([]);
  });

  it("opens from the row menu", async () => {
    const { user } = renderApp(signedIn([ci], { rotate_card: () => rotateCard({ key: ci }) }));
    await user.click(await screen.findByRole("button", { name: "Actions for CI/CD Pipeline" }));
    await user.click(await screen.findByRole("menuitem", { name: /Rotate…/ }));
    expect(await screen.findByRole("dialog", { name: "Rotate “CI/CD Pipeline”?" })).toBeVisible();
  });

  it("can’t rotate what the service wouldn’t describe, and asks again", async () => {
    const { dialog, host, user } = await openCard({ rotate_card: failing(errors.offline) });
    expect(await within(dialog).findByText(errors.offline.message)).toBeVisible();
    expect(screen.queryByRole("radio")).toBeNull();
    host.script.rotate_card = () => rotateCard({ key: ci });
    await user.click(getButton("Retry"));
    expect(await screen.findAllByRole("radio")).toHaveLength(3);
  });

  it.each(["{Escape}", "Cancel", "Close"])("closes by %s, back to its row", async (how) => {
    const { host, user } = await openCard();
    await screen.findAllByRole("radio");
    if (how === "{Escape}") await user.keyboard(how);
    else await user.click(getButton(how));
    expect(screen.queryByRole("dialog")).toBeNull();
    await expectFocusOn(() => rowOf("CI/CD Pipeline"));
    expect(host.sent("rotate_key")).toEqual([]);
    expect(host.sent("refresh_keys")).toHaveLength(1);
  });
});

describe("the places that use it", () => {
  const places = findingGroups({
    environment: [finding()],
    ci: [finding({ shortPath: "~/shop/.github/workflows/ci.yml", line: 11 })],
    elsewhere: [finding({ shortPath: "~/notes.md", level: "hint", key: null })],
  });
  const usage = keyUsage({
    key: "2",
    lastEight: "0ld0ld00",
    verdict: "confirmed",
    places: 2,
    words: "Found in 2 places on this machine.",
  });
  const before = usageReport({ keys: [usage], groups: places });

  it("are searched for in the card, without a word from the user", async () => {
    const { host } = await openCard({ usage_search: () => usageSearched(before) });
    expect(await screen.findByText("Found in 2 places on this machine.")).toBeVisible();
    expect(host.sent("usage_search")).toEqual([{ account: account().id, keys: ["2"], tier: "folders" }]);
    expect(await violations()).toEqual([]);
  });

  it("stand beside the new token until a later search finds them up to date", async () => {
    const { host, user } = await pressRotate({ rotate_key: () => rotated, usage_last: () => before });
    const section = await screen.findByRole("region", { name: "Update these 2 places" });
    expect(within(section).getAllByText("old token")).toHaveLength(2);
    expect(within(section).queryByText("~/notes.md")).toBeNull();
    await user.click(within(section).getAllByRole("button", { name: "Copy path" })[0] ?? section);
    expect(host.sent("open_finding")).toEqual([
      { account: account().id, key: "2", finding: "~/code/shop/.env", action: "copy_path" },
    ]);
    expect(await violations()).toEqual([]);
    host.script.usage_search = () =>
      usageSearched({
        keys: [{ ...usage, lastEight: "ab12cd34" }],
        groups: findingGroups({
          environment: [finding()],
          ci: [finding({ shortPath: "~/shop/.github/workflows/ci.yml", level: "older" })],
        }),
      });
    await user.click(within(section).getByRole("button", { name: "Search again" }));
    expect(await screen.findByRole("region", { name: "Update this place" })).toBeVisible();
    expect(screen.getByRole("row", { name: /workflows/ })).toBeVisible();
    expect(screen.queryByRole("row", { name: /\.env/ })).toBeNull();
  });
});

describe("outcomes", () => {
  it("can’t be dismissed or sent twice while the native dialog is open", async () => {
    const answer = deferred<RotateOutcome>();
    const { host, user } = await pressRotate({ rotate_key: () => answer.promise });
    expect(await screen.findByText("Waiting for your answer in the dialog…")).toBeVisible();
    await user.keyboard("{Escape}");
    await user.click(getButton(/Rotate key…/));
    expect(getButton("Cancel")).toBeDisabled();
    expect(host.sent("rotate_key")).toEqual([
      { account: account().id, key: "2", reason: "leaked", files: [] },
    ]);
    answer.resolve({ kind: "cancelled" });
    await waitFor(() => expect(getButton("Cancel")).toBeEnabled());
    expect(screen.getByRole("radio", { name: "The token leaked" })).toBeChecked();
  });

  it("rotated: shows the new token, and afterwards the same row with its new tail", async () => {
    const { host, user } = await pressRotate({ rotate_key: () => rotated });
    expect(await screen.findByRole("dialog", { name: "New token of “CI/CD Pipeline”" })).toBeVisible();
    expect(screen.getAllByRole("dialog")).toHaveLength(1);
    expect(rowOf("CI/CD Pipeline")).toHaveTextContent("…0ld0ld00");
    expect(host.sent("refresh_keys")).toHaveLength(1);
    host.script.refresh_keys = failing(errors.offline);
    await user.click(getButton("Keep in keychain"));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(rowOf("CI/CD Pipeline")).toHaveTextContent("…ab12cd34");
    await waitFor(() => expect(host.sent("refresh_keys")).toHaveLength(2));
    await expectFocusOn(() => rowOf("CI/CD Pipeline"));
  });

  it("rotated with trouble: says so beside the token", async () => {
    await pressRotate({ rotate_key: () => ({ ...rotated, trouble: errors.keychain }) });
    expect(await screen.findByText(errors.keychain.message)).toBeVisible();
    expect(screen.getByText(errors.keychain.hint)).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it("card changed: shows the key as it is now, and rotates it only when asked again", async () => {
    const now = rotateCard({
      key: { ...ci, name: "Production" },
      evidence: "Something used this key just now.",
    });
    const { host, user } = await pressRotate({
      rotate_key: () => ({
        kind: "card_changed",
        card: now,
        message: "It was called “CI/CD Pipeline” before.",
      }),
    });
    expect(await screen.findByText("It was called “CI/CD Pipeline” before.")).toBeVisible();
    expect(screen.getByRole("dialog", { name: "Rotate “Production”?" })).toBeVisible();
    expect(screen.getByText("Something used this key just now.")).toBeVisible();
    expect(host.sent("rotate_card")).toHaveLength(1);
    expect(await violations()).toEqual([]);
    host.script.rotate_key = () => rotated;
    expect(screen.getByRole("radio", { name: "The token leaked" })).toBeChecked();
    await user.click(getButton("Rotate key…"));
    expect(await screen.findByRole("dialog", { name: /New token of/ })).toBeVisible();
    expect(host.sent("rotate_key")).toHaveLength(2);
  });

  it("card changed: what was said of it goes when the user says no", async () => {
    const { host, user } = await pressRotate({
      rotate_key: () => ({
        kind: "card_changed",
        card: rotateCard({ key: ci }),
        message: "It was used meanwhile.",
      }),
    });
    await screen.findByText("It was used meanwhile.");
    host.script.rotate_key = () => ({ kind: "cancelled" });
    await user.click(getButton("Rotate key…"));
    await waitFor(() => expect(getButton("Cancel")).toBeEnabled());
    expect(screen.queryByText("It was used meanwhile.")).toBeNull();
  });

  it.each(["not_rotated", "unknown"] as const)("%s: says why and what now", async (kind) => {
    const { host, user } = await pressRotate({ rotate_key: () => ({ kind, error: errors.rateLimited }) });
    expect(await screen.findByText(errors.rateLimited.message)).toBeVisible();
    expect(screen.getByText(errors.rateLimited.hint)).toBeVisible();
    await user.click(getButton("Ask again"));
    expect(await screen.findByRole("radio", { name: "The token leaked" })).toBeChecked();
    expect(host.sent("rotate_card")).toHaveLength(2);
  });

  it("a failed command is told in the card", async () => {
    await pressRotate({ rotate_key: failing(errors.offline) });
    expect(await screen.findByText(errors.offline.message)).toBeVisible();
    expect(screen.getByRole("dialog")).toBeVisible();
  });

  it("token lost: says it plainly and rotates again", async () => {
    const { host, user } = await pressRotate({
      rotate_key: () => ({
        kind: "token_lost",
        message: "It was rotated, but the new token never arrived.",
        next: { kind: "rotate", account: account().id, key: "2" },
      }),
    });
    expect(await screen.findByText(/the new token never arrived/)).toBeVisible();
    expect(getButton("Rotate key…")).toBeDisabled();
    expect(await violations()).toEqual([]);
    await user.click(getButton("Rotate again…"));
    await waitFor(() => expect(host.sent("rotate_card")).toHaveLength(2));
    expect(screen.queryByText(/the new token never arrived/)).toBeNull();
    for (const reason of await screen.findAllByRole("radio")) expect(reason).not.toBeChecked();
  });

  it("token lost of the app’s own key: leads to another credential", async () => {
    const { user } = await pressRotate({
      rotate_key: () => ({
        kind: "token_lost",
        message: "It was rotated, but the new token never arrived.",
        next: { kind: "replace_credential", account: account().id },
      }),
    });
    await user.click(await screen.findByRole("button", { name: "Replace credential…" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(screen.getByRole("tab", { name: "Accounts" })).toHaveAttribute("aria-selected", "true");
  });

  it("gone: says so, and the row leaves", async () => {
    await pressRotate({ rotate_key: () => ({ kind: "gone", message: "It was deleted elsewhere." }) });
    expect(await screen.findByText("It was deleted elsewhere.")).toBeVisible();
    await waitFor(() => expect(shownNames()).toEqual(["first", "last"]));
    expect(screen.queryByRole("dialog")).toBeNull();
    await expectFocusOn(() => rowOf("last"));
  });

  it("leads to signing in again when the credential was refused", async () => {
    const { user } = await pressRotate({
      rotate_key: () => ({ kind: "not_rotated", error: errors.unauthorized }),
    });
    await user.click(await screen.findByRole("button", { name: "Sign in again…" }));
    expect(await screen.findByRole("heading", { name: /Sign in again to/ })).toBeVisible();
  });
});
