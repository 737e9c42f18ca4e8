import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { FoundToken } from "../../bindings";
import { renderApp, signedIn, violations } from "../../testing/render";
import type { Script } from "../../testing/fakeHost";
import { account, appState } from "../../testing/samples";
import { finding, usageSearched } from "../../testing/usageSamples";

const own = account({ keys: "guided" });
const [zapier, ours]: [FoundToken, FoundToken] = [
  {
    lastEight: "ab12cd34",
    own: false,
    places: 7,
    findings: [finding({ shortPath: "~/app/.env", line: 3, variable: "PULSE_TOKEN" })],
  },
  { lastEight: "99887766", own: true, places: 1, findings: [finding({ id: "x", shortPath: "~/.netrc" })] },
];

async function openFind(tokens: FoundToken[], changes: Script = {}) {
  const app = renderApp({
    ...signedIn(),
    first_state: () => appState({ accounts: [own] }),
    usage_search: () => usageSearched({ tokens, keys: [] }),
    usage_cancel: () => null,
    ...changes,
  });
  await app.user.click(await screen.findByRole("button", { name: "Find on this machine…" }));
  return { ...app, sheet: await screen.findByRole("dialog", { name: "Find keys on this machine" }) };
}

describe("tokens that the search finds", () => {
  it("are offered with their last 8 and their places, and listed under the name that the user gives", async () => {
    const { host, user, sheet } = await openFind([zapier, ours], {
      note_keys: () => ({
        kind: "noted",
        list: { account: own.id, keys: [], fetchedAt: null, incomplete: null },
      }),
    });
    expect(await within(sheet).findByText(/2 tokens in 8 places\. Which keys are they\?/)).toBeVisible();
    expect(host.sent("usage_search")).toEqual([{ account: own.id, keys: [], tier: "folders" }]);
    const token = within(sheet).getByRole("region", { name: "Token …ab12cd34" });
    expect(within(token).getByText("~/app/.env, line 3: PULSE_TOKEN")).toBeVisible();
    expect(within(token).getByText("and 6 more places")).toBeVisible();
    expect(within(sheet).getByText("Pulse Keys itself signs in with this one.")).toBeVisible();
    expect(within(sheet).getByRole("button", { name: "Add keys" })).toBeDisabled();
    expect(await violations()).toEqual([]);

    await user.type(within(token).getByLabelText("Name on the web screen"), "Zapier");
    await user.click(within(sheet).getByRole("button", { name: "Add 1 key" }));
    expect(host.sent("note_keys")).toEqual([
      {
        account: own.id,
        keys: [
          {
            name: "Zapier",
            lastEight: "ab12cd34",
            abilities: [],
            team: null,
            lastUsedAt: null,
            lastUseKnown: false,
            createdAt: null,
          },
        ],
      },
    ]);
    expect(await screen.findByText("1 key in your list.")).toBeVisible();
  });

  it("says when there is none, and no sooner", async () => {
    const { sheet } = await openFind([]);
    expect(await within(sheet).findByText(/No token was found that is not in your list/)).toBeVisible();
  });

  it("says what is wrong with a name, and adds nothing", async () => {
    const { user, sheet } = await openFind([zapier], {
      note_keys: () => ({
        kind: "refused",
        problems: [
          {
            field: "name",
            message: "A whole token does not belong here.",
            holdsToken: true,
            lastEight: "ab12cd34",
          },
        ],
      }),
    });
    await user.type(await within(sheet).findByLabelText("Name on the web screen"), "1|x");
    await user.click(within(sheet).getByRole("button", { name: "Add 1 key" }));
    expect(await within(sheet).findByText(/A whole token does not belong here/)).toBeVisible();
    expect(within(sheet).getByLabelText("Name on the web screen")).toHaveValue("");
    expect(sheet).toBeVisible();
  });
});
