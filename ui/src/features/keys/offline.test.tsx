import { act, screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import {
  failing,
  findRow,
  getButton,
  getRow,
  renderApp,
  shownNames,
  signedIn,
  violations,
} from "../../testing/render";
import { daysAgo, errors, keyRow } from "../../testing/samples";

const alpha = keyRow({ id: "alpha", name: "alpha", lastEight: "0aaaaaaa", lastUsedAt: daysAgo(1) });
const reason = "Off while PulseAPI can’t be reached.";

const remembering = ({ account }: { account: string }) => ({
  account,
  keys: [alpha],
  fetchedAt: new Date(Date.now() - 47 * 60_000).toISOString(),
  incomplete: null,
});

async function startOffline() {
  const app = renderApp(signedIn([], { cached_keys: remembering, refresh_keys: failing(errors.offline) }));
  await screen.findByRole("alert");
  return app;
}

const shownAgain = async () => {
  await screen.findByText(/^Updated /);
  expect(screen.queryByRole("alert")).toBeNull();
  expect(getButton(/Create API key/)).toBeEnabled();
};

describe("without a connection", () => {
  it("keeps the list readable, and says what is off and until when", async () => {
    const { host, user } = await startOffline();
    expect(shownNames()).toEqual(["alpha"]);
    expect(screen.getByRole("alert")).toHaveTextContent(
      "Creating, rotating and deleting is off until PulseAPI answers.",
    );
    expect(getButton(/Create API key/)).toBeDisabled();
    await user.click(within(getRow("alpha")).getByRole("button", { name: /Actions/ }));
    for (const name of [/^Rotate/, /^Duplicate/, /^Delete/]) {
      const item = await screen.findByRole("menuitem", { name });
      expect(item).toHaveAttribute("aria-disabled", "true");
      expect(item).toHaveTextContent(reason);
    }
    expect(screen.getByRole("menuitem", { name: /^Copy name/ })).not.toHaveAttribute("aria-disabled");
    await user.keyboard("{Escape}");
    await user.keyboard("{Delete}");
    await user.keyboard("{Control>}n{/Control}");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(host.sent("delete_card")).toEqual([]);
    expect(host.sent("create_form")).toEqual([]);
    expect(await violations()).toEqual([]);
  });

  it("shows the details of a key, and says there what is off", async () => {
    const { user } = await startOffline();
    await user.dblClick(screen.getByRole("rowheader", { name: "alpha" }));
    const sheet = await screen.findByRole("dialog");
    expect(within(sheet).getByText(reason)).toBeVisible();
    for (const name of ["Delete…", "Rotate…"])
      expect(within(sheet).getByRole("button", { name })).toBeDisabled();
  });

  it.each(["online", "focus"])("comes back by itself (%s), on another tab too", async (event) => {
    const { host, user } = await startOffline();
    await user.keyboard("{Control>}2{/Control}");
    host.script.refresh_keys = signedIn([alpha]).refresh_keys;
    act(() => void window.dispatchEvent(new Event(event)));
    await user.keyboard("{Control>}1{/Control}");
    await findRow("alpha");
    await shownAgain();
  });

  it("asks nothing when the window gets the focus while all is well", async () => {
    const { host } = renderApp(signedIn([alpha]));
    await findRow("alpha");
    await screen.findByText(/^Updated /);
    const before = host.sent("refresh_keys").length;
    act(() => void window.dispatchEvent(new Event("focus")));
    expect(host.sent("refresh_keys")).toHaveLength(before);
  });

  it("counts as back when the service refuses: it has answered", async () => {
    const { host, user } = await startOffline();
    host.script.refresh_keys = failing(errors.rateLimited);
    await user.click(getButton("Retry"));
    expect(await screen.findByText(errors.rateLimited.message, { exact: false })).toBeVisible();
    expect(getButton(/Create API key/)).toBeEnabled();
  });
});
