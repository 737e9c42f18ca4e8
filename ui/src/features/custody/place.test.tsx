import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { PlaceFile, Places } from "../../bindings";
import type { Script } from "../../testing/fakeHost";
import { renderApp, signedIn, violations } from "../../testing/render";
import { keyRow } from "../../testing/samples";
import { token } from "../../testing/sheetSamples";
import { finding, findingGroups, usageReport } from "../../testing/usageSamples";

const rotated = token({ origin: "rotated" });

function file(id: string, changes: Partial<PlaceFile> = {}): PlaceFile {
  return {
    id,
    path: `/home/ada/${id}`,
    shortPath: `~/${id}`,
    heading: "environment",
    title: "Application environment variables",
    before: "101|••••0badcafe",
    after: rotated.masked,
    spots: [{ line: 2, variable: "PULSEAPI_TOKEN", encoding: "base64" }],
    remarks: [],
    needsConsent: false,
    ...changes,
  };
}

const plan: Places = {
  searched: true,
  ofKey: rotated.key,
  isBack: false,
  files: [file(".env"), file("other", { needsConsent: true, remarks: ["It has other names."] })],
  byHand: [
    {
      path: "/home/ada/.bash_history",
      shortPath: "~/.bash_history",
      line: 7,
      variable: null,
      reason: "A history: it says what was typed.",
      steps: "Delete the line.",
      needsChange: false,
    },
  ],
};

async function openPlan(changes: Script = {}) {
  const report = usageReport({
    groups: findingGroups({ environment: [finding({ level: "older" })] }),
  });
  const app = renderApp(
    signedIn([keyRow({ id: "101" })], {
      custody: () => ({ tokens: [rotated] }),
      usage_last: () => report,
      places: () => plan,
      ...changes,
    }),
  );
  await app.user.click(await screen.findByRole("button", { name: "Put it in place…" }));
  const dialog = await screen.findByRole("dialog", { name: /^Put the token of/ });
  await within(dialog).findByText("1 of 2 files ticked");
  return { ...app, dialog };
}

describe("the plan", () => {
  it("ticks what is usual, says what changes, and what is the user's own to do", async () => {
    const { dialog } = await openPlan();
    expect(within(dialog).getByRole("checkbox", { name: "~/.env" })).toBeChecked();
    expect(within(dialog).getByRole("checkbox", { name: "~/other" })).not.toBeChecked();
    expect(dialog).toHaveTextContent("PULSEAPI_TOKEN");
    expect(dialog).toHaveTextContent("in base64");
    expect(dialog).toHaveTextContent("~/.bash_history:7");
    expect(await violations()).toEqual([]);
  });

  it("is looked at again after the question was answered with no, with the same ticks", async () => {
    const { host, user, dialog } = await openPlan({ put_in_place: () => ({ kind: "cancelled" }) });
    await user.click(within(dialog).getByRole("checkbox", { name: "~/other" }));
    await user.click(within(dialog).getByRole("button", { name: "Write 2 files…" }));
    expect(await within(dialog).findByText("2 of 2 files ticked")).toBeVisible();
    expect(host.sent("put_in_place")).toEqual([{ token: rotated.id, files: [".env", "other"] }]);
    expect(host.sent("places")).toHaveLength(2);
  });

  it("tells of each file what happened and what to restart", async () => {
    const { user, dialog } = await openPlan({
      put_in_place: () => ({
        kind: "ended",
        message: "The new token is in 1 file, 4 seconds after it arrived.",
        results: [
          {
            id: ".env",
            path: "/home/ada/.env",
            shortPath: "~/.env",
            heading: "environment",
            title: "Application environment variables",
            done: true,
            message: "The new token is in it.",
            restart: { what: "Recreate these containers.", command: "docker compose up -d" },
          },
        ],
      }),
    });
    await user.click(within(dialog).getByRole("button", { name: "Write 1 file…" }));
    expect(await within(dialog).findByText(/4 seconds after it arrived/)).toBeVisible();
    expect(dialog).toHaveTextContent("docker compose up -d");
    await user.click(within(dialog).getByRole("button", { name: "Done" }));
    expect(screen.queryByRole("dialog", { name: /^Put the token of/ })).toBeNull();
  });
});
