import { waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { findRow, renderApp, signedIn } from "../testing/render";

it("shows the menu without a frame while the window is hidden", async () => {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  // No frame ever comes.
  vi.spyOn(window, "requestAnimationFrame").mockReturnValue(1);
  const { host } = renderApp(signedIn());
  await findRow("CI/CD Pipeline");
  await waitFor(() => expect(host.sent("show_menu").length).toBeGreaterThan(0));
});
