import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { KeyRow } from "../../bindings";
import { findRow, renderApp, signedIn, violations } from "../../testing/render";
import { account, appState, keyRow } from "../../testing/samples";

/** Signed in to a service without endpoints for keys, with this list of the user's own. */
function guided(rows: KeyRow[]) {
  return signedIn([], {
    first_state: () => appState({ accounts: [account({ keys: "guided" })] }),
    cached_keys: ({ account: of }) => ({ account: of, keys: rows, fetchedAt: null }),
  });
}

describe("the list of an account whose service lists no keys", () => {
  it("is the user’s own: nobody is asked for it, and it has no age", async () => {
    const { host } = renderApp(guided([keyRow({ name: "CI" })]));
    await findRow("CI");
    expect(screen.getByText(/the list here is your own/)).toBeVisible();
    expect(screen.getByText("1 key in your own list")).toBeVisible();
    expect(screen.queryByText(/Updated|Loading|Not complete/)).toBeNull();
    expect(screen.queryByRole("button", { name: /Refresh/ })).toBeNull();
    expect(host.sent("refresh_keys")).toEqual([]);
    expect(await violations()).toEqual([]);
  });

  it("says that it is empty and whose it is", async () => {
    renderApp(guided([]));
    expect(await screen.findByText("No keys in your list yet")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Create API key" })).toBeNull();
  });

  it("offers nothing that the service has no endpoints for, and says why", async () => {
    const { user } = renderApp(guided([keyRow({ name: "CI" })]));
    const row = await findRow("CI");
    await user.click(within(row).getByRole("button"));
    const rotate = await screen.findByRole("menuitem", { name: /Rotate/ });
    expect(rotate).toHaveAttribute("aria-disabled", "true");
    expect(rotate).toHaveTextContent("no endpoints for that");
  });
});
