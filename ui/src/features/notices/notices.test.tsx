import { QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { NextStep, Notice, WindowEvent } from "../../bindings";
import { HostContext } from "../../host/host";
import { SheetsContext } from "../../navigation/sheets";
import { createClient } from "../../state/createClient";
import { deferred, fakeHost, type Script } from "../../testing/fakeHost";
import { expectFocusOn, failing, renderApp, signedIn, violations } from "../../testing/render";
import { account, appState, errors } from "../../testing/samples";
import { token } from "../../testing/sheetSamples";
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
        reconcile: () => [
          notice({}),
          notice({ id: "2", needsAttention: true, message: "“CI” was not deleted." }),
        ],
        dismiss_notice: () => null,
      }),
    );
    const region = await screen.findByRole("region", { name: "Notices" });
    expect(region).toHaveTextContent(/“CI” was not deleted\..*“old” was deleted\./);
    expect(within(region).getByRole("alert")).toHaveTextContent("“CI” was not deleted.");
    expect(await violations()).toEqual([]);
    await user.click(within(region).getAllByRole("button", { name: "Dismiss" })[0] ?? region);
    await user.click(within(region).getByRole("button", { name: "Dismiss" }));
    expect(screen.queryByRole("region", { name: "Notices" })).toBeNull();
    expect(host.sent("dismiss_notice")).toEqual([{ notice: "2" }, { notice: "1" }]);
    expect(host.sent("reconcile")).toHaveLength(1);
  });

  it("goes at once, also where that can’t be remembered", async () => {
    const { host, user } = renderApp(
      signedIn(undefined, {
        reconcile: () => [notice({})],
        dismiss_notice: failing(errors.other),
      }),
    );
    const region = await screen.findByRole("region", { name: "Notices" });
    await user.click(within(region).getByRole("button", { name: "Dismiss" }));
    expect(screen.queryByRole("region", { name: "Notices" })).toBeNull();
    await waitFor(() => expect(host.sent("dismiss_notice")).toHaveLength(1));
    expect(screen.queryByText(errors.other.message)).toBeNull();
  });
});

describe("outcomes that are found out with the window open", () => {
  /** `find` makes this what the app has to tell, and says that there is something. */
  async function watching(first: Notice[], changes: Script = {}) {
    let send: (event: WindowEvent) => void = () => undefined;
    const app = renderApp(
      signedIn(undefined, {
        reconcile: () => first,
        dismiss_notice: () => null,
        attach_window: (_, onEvent) => {
          send = onEvent;
          return null;
        },
        ...changes,
      }),
    );
    await waitFor(() => expect(app.host.sent("refresh_keys")).toHaveLength(1));
    await waitFor(() => expect(app.host.sent("reconcile")).toHaveLength(1));
    const say = () => act(() => send({ kind: "outcomes_changed" }));
    const find = (found: Notice[]) => {
      app.host.script.reconcile = () => found;
      say();
    };
    return { ...app, find, say };
  }
  const watched = notice({ message: "“CI” was not rotated at 10:35. That may still come." });
  const lost = notice({ needsAttention: true, message: "“CI” was rotated; its token got lost." });

  it("are asked for with the tokens and the list; a token that came waits", async () => {
    const { find, host } = await watching([]);
    host.script.custody = () => ({ tokens: [token()] });
    find([]);
    expect(await screen.findByText("1 token is waiting for you.")).toBeVisible();
    await waitFor(() => expect(host.sent("refresh_keys")).toHaveLength(2));
    expect(host.sent("reconcile")).toHaveLength(2);
  });

  it("ask for the journal too, where it is looked at", async () => {
    const { find, host, user } = await watching([], {
      journal_page: () => ({ rows: [], hasMore: false, newest: 0 }),
    });
    await user.click(screen.getByRole("tab", { name: "Activity" }));
    await waitFor(() => expect(host.sent("journal_page")).not.toHaveLength(0));
    const before = host.sent("journal_page").length;
    find([]);
    await waitFor(() => expect(host.sent("journal_page").length).toBeGreaterThan(before));
  });

  it("are told though something else about the request was put away", async () => {
    const { find, user } = await watching([watched]);
    await screen.findByText(watched.message);
    await user.click(screen.getByRole("button", { name: "Dismiss" }));
    expect(screen.queryByRole("region", { name: "Notices" })).toBeNull();
    find([lost]);
    expect(await screen.findByText(lost.message)).toBeVisible();
  });

  it("are not told again in the words that were put away", async () => {
    const { find, host, user } = await watching([watched]);
    await screen.findByText(watched.message);
    await user.click(screen.getByRole("button", { name: "Dismiss" }));
    find([watched, notice({ id: "2", message: "“old” was deleted." })]);
    expect(await screen.findByText("“old” was deleted.")).toBeVisible();
    expect(host.sent("reconcile")).toHaveLength(2);
    expect(screen.queryByText(watched.message)).toBeNull();
  });

  it("take the place of the earlier notice of the same request", async () => {
    const { find } = await watching([watched]);
    await screen.findByText(watched.message);
    find([lost]);
    expect(await screen.findByText(lost.message)).toBeVisible();
    expect(screen.queryByText(watched.message)).toBeNull();
  });

  it("stay until they are put away, though the app tells them once", async () => {
    const { find, host } = await watching([notice({ message: "“old” was not deleted." })]);
    await screen.findByText("“old” was not deleted.");
    find([notice({ id: "2", message: "“new” was not deleted." })]);
    expect(await screen.findByText("“new” was not deleted.")).toBeVisible();
    expect(screen.getByText("“old” was not deleted.")).toBeVisible();
    expect(host.sent("reconcile")).toHaveLength(2);
  });

  it("leave by themselves when what is told again and again is over", async () => {
    const unknown = notice({ message: "It is not known whether “CI” was rotated." });
    const { find, host } = await watching([unknown]);
    find([unknown]);
    await waitFor(() => expect(host.sent("reconcile")).toHaveLength(2));
    expect(await screen.findByText(unknown.message)).toBeVisible();
    find([]);
    await waitFor(() => expect(screen.queryByText(unknown.message)).toBeNull());
  });

  it("leave when the token comes that they speak of", async () => {
    const unknown = notice({ id: token().id, message: "It is not known whether “CI” was rotated." });
    const { find, host } = await watching([unknown]);
    await screen.findByText(unknown.message);
    host.script.custody = () => ({ tokens: [token()] });
    find([]);
    expect(await screen.findByText("1 token is waiting for you.")).toBeVisible();
    await waitFor(() => expect(screen.queryByText(unknown.message)).toBeNull());
  });

  it("are not lost with an answer that was on its way when there was more", async () => {
    const first = deferred<Notice[]>();
    const { host, say } = await watching([], { reconcile: () => first.promise });
    host.script.reconcile = () => [notice({ id: "2", message: "“new” was not deleted." })];
    say();
    first.resolve([notice({ message: "“old” was not deleted." })]);
    expect(await screen.findByText("“new” was not deleted.")).toBeVisible();
    expect(screen.getByText("“old” was not deleted.")).toBeVisible();
    expect(host.sent("reconcile")).toHaveLength(2);
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
      reconcile: () => [notice({ needsAttention: true, message: "Its token got lost.", next })],
    });
    const user = userEvent.setup();
    render(
      <HostContext value={host}>
        <QueryClientProvider client={createClient()}>
          <SheetsContext value={{ current: null, subject: null, open: vi.fn(), openNext, canOpenNext: true }}>
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
    expect(host.sent("dismiss_notice")).toEqual([]);
  });

  it("has no button on the first screen, where it would lead nowhere", async () => {
    renderApp({
      first_state: () => appState({ accounts: [] }),
      reconcile: () => [notice({ message: "Its token got lost.", next: rotate })],
    });
    const region = await screen.findByRole("region", { name: "Notices" });
    expect(screen.getByRole("heading", { name: "Connect to PulseAPI" })).toBeVisible();
    expect(within(region).getAllByRole("button")).toEqual([
      within(region).getByRole("button", { name: "Dismiss" }),
    ]);
  });

  it("opens the form for another credential in the Accounts tab", async () => {
    const own = account();
    const { user } = renderApp(
      signedIn(undefined, {
        reconcile: () => [notice({ next: { kind: "replace_credential", account: own.id } })],
      }),
    );
    await user.click(await screen.findByRole("button", { name: "Replace credential…" }));
    await expectFocusOn(() => screen.getByLabelText("New API key"));
    expect(screen.getByRole("form", { name: `Replace the credential of ${own.label}` })).toBeVisible();
    expect(screen.getByRole("region", { name: "Notices" })).toBeVisible();
  });
});
