import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { WindowEvent } from "../bindings";
import { findRow, renderApp, signedIn } from "../testing/render";

it("shows the menu without a frame while the window is hidden", async () => {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  // No frame ever comes.
  vi.spyOn(window, "requestAnimationFrame").mockReturnValue(1);
  const { host } = renderApp(signedIn());
  await findRow("CI/CD Pipeline");
  await waitFor(() => expect(host.sent("show_menu").length).toBeGreaterThan(0));
});

it("says that the clipboard may hold a token still", async () => {
  let send: (event: WindowEvent) => void = () => undefined;
  renderApp(
    signedIn(undefined, {
      attach_window: (_, onEvent) => {
        send = onEvent;
        return null;
      },
    }),
  );
  await findRow("CI/CD Pipeline");
  const message = "The clipboard could not be used: it does not answer. Copy something else over it.";
  act(() => send({ kind: "clipboard_not_cleared", message }));
  const toasts = screen.getByRole("region", { name: "Notifications" });
  expect(within(toasts).getByText(message)).toBeVisible();
});
