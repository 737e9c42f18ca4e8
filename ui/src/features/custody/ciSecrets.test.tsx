import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { CiRepository, CiSecret, CiSecrets } from "../../bindings";
import type { Script } from "../../testing/fakeHost";
import { renderApp, signedIn, violations } from "../../testing/render";
import { keyRow, minutesAgo } from "../../testing/samples";
import { token } from "../../testing/sheetSamples";

const rotated = token({ origin: "rotated" });

const shop: CiRepository = {
  id: "github.com/ada/shop",
  service: "github",
  host: "github.com",
  name: "ada/shop",
  shortPath: "~/code/shop",
  why: "The token was found in it, and its workflows name PULSE_API_KEY.",
  named: [{ name: "PULSE_API_KEY", places: [".github/workflows/deploy.yml:5"], isSameName: true }],
};

function secret(name: string, changes: Partial<CiSecret> = {}): CiSecret {
  return {
    id: `github.com/ada/shop ${name} *`,
    name,
    scope: null,
    updatedAt: minutesAgo(60 * 24 * 400),
    places: [],
    isSameName: false,
    ...changes,
  };
}

const listed: CiSecrets = {
  repositories: [
    {
      repository: shop,
      secrets: [
        secret("PULSE_API_KEY", { isSameName: true, places: [".github/workflows/deploy.yml:5"] }),
        secret("AWS_KEY"),
      ],
      remark: "Secrets of its environments and of its organisation are not listed here.",
      trouble: null,
    },
  ],
};

async function openSection(changes: Script = {}) {
  const app = renderApp(
    signedIn([keyRow({ id: "101" })], {
      custody: () => ({ tokens: [rotated] }),
      ci_repositories: () => ({ repositories: [shop], leftOut: null }),
      ci_secrets: () => listed,
      ...changes,
    }),
  );
  const section = await screen.findByRole("region", { name: "CI secrets" });
  return { ...app, section };
}

async function openList(changes: Script = {}) {
  const app = await openSection(changes);
  await app.user.click(within(app.section).getByRole("button", { name: "List their secrets" }));
  await within(app.section).findByRole("group", { name: /^ada\/shop/ });
  return app;
}

describe("secrets of pipelines beside a token", () => {
  it("asks nobody but this machine until the user wants it", async () => {
    const { host, section } = await openSection();
    expect(section).toHaveTextContent("The token was found in it");
    expect(section).toHaveTextContent(".github/workflows/deploy.yml:5");
    expect(host.sent("ci_secrets")).toEqual([]);
    expect(await violations()).toEqual([]);
  });

  it("ticks nothing by itself, and shows what is likely first", async () => {
    const { user, section } = await openList();
    expect(within(section).getByRole("checkbox", { name: "PULSE_API_KEY" })).not.toBeChecked();
    expect(within(section).getByRole("button", { name: "Set…" })).toBeDisabled();
    expect(section).toHaveTextContent("Named after the variable that holds the token.");
    expect(within(section).queryByRole("checkbox", { name: "AWS_KEY" })).toBeNull();
    await user.click(within(section).getByRole("button", { name: "Show 1 other secret" }));
    expect(within(section).getByRole("checkbox", { name: "AWS_KEY" })).not.toBeChecked();
    expect(await violations()).toEqual([]);
  });

  it("sets what was ticked and tells of each what became of it", async () => {
    const { host, user, section } = await openList({
      set_ci_secrets: () => ({
        kind: "ended",
        message: "The secret is not known to have the token.",
        results: [
          {
            id: "github.com/ada/shop PULSE_API_KEY *",
            name: "PULSE_API_KEY",
            repository: "ada/shop on github.com",
            done: false,
            message: "gh did not answer in time.",
            command: "gh secret set PULSE_API_KEY --repo github.com/ada/shop",
          },
        ],
      }),
    });
    await user.click(within(section).getByRole("checkbox", { name: "PULSE_API_KEY" }));
    await user.click(within(section).getByRole("button", { name: "Set 1 CI secret…" }));
    expect(await within(section).findByText("The secret is not known to have the token.")).toBeVisible();
    expect(host.sent("set_ci_secrets")).toEqual([
      { token: rotated.id, secrets: ["github.com/ada/shop PULSE_API_KEY *"] },
    ]);
    expect(section).toHaveTextContent("gh secret set PULSE_API_KEY --repo github.com/ada/shop");
    expect(await violations()).toEqual([]);
  });

  it("keeps what was ticked when the question was answered with no", async () => {
    const { host, user, section } = await openList({ set_ci_secrets: () => ({ kind: "cancelled" }) });
    await user.click(within(section).getByRole("checkbox", { name: "PULSE_API_KEY" }));
    await user.click(within(section).getByRole("button", { name: "Set 1 CI secret…" }));
    expect(await within(section).findByRole("button", { name: "Set 1 CI secret…" })).toBeEnabled();
    expect(host.sent("ci_secrets")).toHaveLength(2);
  });

  it("tells what stands in the way with the command that helps", async () => {
    const { section } = await openList({
      ci_secrets: () => ({
        repositories: [
          {
            repository: shop,
            secrets: [],
            remark: null,
            trouble: {
              message: "gh is not signed in to github.com.",
              command: "gh auth login --hostname github.com",
            },
          },
        ],
      }),
    });
    expect(section).toHaveTextContent("gh is not signed in to github.com.");
    expect(within(section).getByText("gh auth login --hostname github.com")).toBeVisible();
    expect(within(section).queryByRole("checkbox")).toBeNull();
  });
});
