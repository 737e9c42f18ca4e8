import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { NextStep, Notice } from "../../bindings";
import { createClient } from "../../createClient";
import { HostContext } from "../../host/host";
import { fakeHost } from "../../testing/fakeHost";
import { expectFocusOn, failing, renderApp, signedIn, violations } from "../../testing/render";
import { account, errors } from "../../testing/samples";
import { SheetsContext } from "../shell/sheets";
import { Notices } from "./Notices";

const notice = (changes: Partial<Notice>): Notice => ({
  id: "1",
  needsAttention: false,
  message: "“old” was deleted.",
  next: null,
  ...changes,
});

describe("notices", () => {
  it("shows what was found out, the urgent first, until put away; asked once", async () => {
    const { host, user } = renderApp(
      signedIn(undefined, {
        outcomes_reconcile: () => [
          notice({}),
          notice({ id: "2", needsAttention: true, message: "“CI” was not deleted." }),
        ],
        notice_dismiss: () => null,
      }),
    );
    const region = await screen.findByRole("region", { name: "Notices" });
    expect(region).toHaveTextContent(/“CI” was not deleted\..*“old” was deleted\./);
    expect(within(region).getByRole("alert")).toHaveTextContent("“CI” was not deleted.");
    expect(await violations()).toEqual([]);
    await user.click(within(region).getAllByRole("button", { name: "Dismiss" })[0] ?? region);
    await user.click(within(region).getByRole("button", { name: "Dismiss" }));
    expect(screen.queryByRole("region", { name: "Notices" })).toBeNull();
    expect(host.sent("notice_dismiss")).toEqual([{ notice: "2" }, { notice: "1" }]);
    expect(host.sent("outcomes_reconcile")).toHaveLength(1);
  });

  it("goes at once, also where that can’t be remembered", async () => {
    const { host, user } = renderApp(
      signedIn(undefined, {
        outcomes_reconcile: () => [notice({})],
        notice_dismiss: failing(errors.other),
      }),
    );
    const region = await screen.findByRole("region", { name: "Notices" });
    await user.click(within(region).getByRole("button", { name: "Dismiss" }));
    expect(screen.queryByRole("region", { name: "Notices" })).toBeNull();
    await waitFor(() => expect(host.sent("notice_dismiss")).toHaveLength(1));
    expect(screen.queryByText(errors.other.message)).toBeNull();
  });
});

describe("what to do next", () => {
  const rotate: NextStep = { kind: "rotate", account: "a", key: "1" };

  it.each<[NextStep, string]>([
    [rotate, "Rotate again…"],
    [{ kind: "delete_key", account: "a", key: "2" }, "Delete the key…"],
    [{ kind: "replace_credential", account: "a" }, "Replace credential…"],
  ])("leads there by a button, and stays ($kind)", async (next, label) => {
    const openNext = vi.fn();
    const host = fakeHost({
      outcomes_reconcile: () => [notice({ needsAttention: true, message: "Its token got lost.", next })],
    });
    const user = userEvent.setup();
    render(
      <HostContext value={host}>
        <QueryClientProvider client={createClient()}>
          <SheetsContext value={{ current: null, subject: null, open: vi.fn(), openNext }}>
            <Notices />
          </SheetsContext>
        </QueryClientProvider>
      </HostContext>,
    );
    const button = await screen.findByRole("button", { name: label });
    expect(button).toHaveAccessibleDescription("Its token got lost.");
    await user.click(button);
    expect(openNext).toHaveBeenCalledExactlyOnceWith(next);
    expect(screen.getByText("Its token got lost.")).toBeVisible();
    expect(host.sent("notice_dismiss")).toEqual([]);
  });

  it("opens the form for another credential in the Accounts tab", async () => {
    const own = account();
    const { user } = renderApp(
      signedIn(undefined, {
        outcomes_reconcile: () => [notice({ next: { kind: "replace_credential", account: own.id } })],
      }),
    );
    await user.click(await screen.findByRole("button", { name: "Replace credential…" }));
    await expectFocusOn(() => screen.getByLabelText("New API key"));
    expect(screen.getByRole("form", { name: `Replace the credential of ${own.label}` })).toBeVisible();
    expect(screen.getByRole("region", { name: "Notices" })).toBeVisible();
  });
});
