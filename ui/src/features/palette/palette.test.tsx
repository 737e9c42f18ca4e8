import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Script } from "../../testing/fakeHost";
import { expectFocusOn, findRow, renderApp, signedIn, violations } from "../../testing/render";
import {
  account,
  acme,
  appState,
  hostileKeys,
  keyRow,
  labs,
  manyKeys,
  sampleKeys,
} from "../../testing/samples";
import { TOKEN_TEXT } from "../../testing/sheetSamples";
import { tailOf } from "./token";

const other = account({ id: "2", label: "night@acme.example", kind: "sandbox" });
const two = appState({ accounts: [account({ teams: [acme, labs] }), other] });

async function open(script: Script = signedIn(), firstRow: string | RegExp = "Terraform") {
  const app = renderApp(script);
  const row = await findRow(firstRow);
  act(() => row.focus());
  await app.user.keyboard("{Control>}k{/Control}");
  const field = await screen.findByRole("combobox");
  return { ...app, row, field };
}

const titles = () => screen.getAllByRole("option").map((option) => option.querySelector("bdi")?.textContent);
const active = () => {
  const id = screen.getByRole("combobox").getAttribute("aria-activedescendant");
  return document.getElementById(id ?? "")?.querySelector("bdi")?.textContent;
};
const group = (name: RegExp) => within(screen.getByRole("group", { name }));

describe("the palette", () => {
  it("opens with the field focused, and lists what can be done with its keys", async () => {
    const { field } = await open();
    expect(document.activeElement).toBe(field);
    expect(screen.getByRole("dialog", { name: "Command palette" })).toBeVisible();
    const create = group(/^Actions/).getByRole("option", { name: /Create API key/ });
    expect(create).toHaveTextContent("File");
    expect(create).toHaveTextContent("Ctrl N");
    expect(await violations()).toEqual([]);
  });

  it("says on which key an action would act", async () => {
    const { row } = await open();
    const name = row.querySelector("[role=rowheader]")?.textContent ?? "";
    const rotate = group(/^Actions/).getByRole("option", { name: /Rotate/ });
    expect(rotate).toHaveTextContent(name);
  });

  it("shows what is not possible last, with the reason, and doesn't do it", async () => {
    const { user, host } = await open();
    const sections = screen.getAllByRole("group").map((each) => each.getAttribute("aria-labelledby"));
    const last = document.getElementById(sections.at(-1) ?? "");
    expect(last).toHaveTextContent("Not possible now");
    const csv = group(/^Not possible/).getByRole("option", { name: /Export activity as CSV/ });
    expect(csv).toHaveAttribute("aria-disabled", "true");
    expect(csv).toHaveTextContent("Open the Activity tab first.");
    await user.keyboard("as csv{Enter}");
    expect(screen.getByRole("combobox")).toBeVisible();
    await user.click(screen.getByRole("option", { name: /CSV/ }));
    expect(screen.getByRole("combobox")).toBeVisible();
    expect(host.sent("export_journal")).toEqual([]);
  });

  it("closes by Esc and by its own key, and the focus goes back to the row", async () => {
    const { user, row } = await open();
    await user.keyboard("terra{Escape}");
    expect(screen.queryByRole("combobox")).toBeNull();
    await expectFocusOn(() => row);
    await user.keyboard("{Control>}k{/Control}");
    expect(await screen.findByRole("combobox")).toHaveValue("");
    await user.keyboard("{Control>}k{/Control}");
    expect(screen.queryByRole("combobox")).toBeNull();
    await expectFocusOn(() => row);
  });

  it("does what is chosen once the row has the focus again", async () => {
    const { user } = await open(signedIn(undefined, { rotate_card: () => new Promise(() => undefined) }));
    await user.keyboard("rot");
    expect(active()).toBe("Rotate…");
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("dialog", { name: /Terraform/ })).toBeVisible();
    expect(screen.queryByRole("combobox")).toBeNull();
  });

  it("ranks, marks what was matched, and says how many there are", async () => {
    const { user } = await open();
    await user.keyboard("key");
    expect(titles()[0]).toBe("API Keys");
    expect(screen.getAllByText("Key").some(({ tagName }) => tagName === "MARK")).toBe(true);
    const results = screen.getAllByRole("option").length;
    const said = within(screen.getByRole("dialog")).getByRole("status");
    expect(said).toHaveTextContent(`${results} results`);
    await user.clear(screen.getByRole("combobox"));
    await user.keyboard("zzzz");
    expect(said).toHaveTextContent("Nothing found for “zzzz”.");
    expect(await violations()).toEqual([]);
  });

  it("knows other words, and letters here and there", async () => {
    const { user, field } = await open();
    const first = async (text: string) => {
      await user.clear(field);
      await user.keyboard(text);
      return titles()[0];
    };
    expect(await first("revoke")).toBe("Delete…");
    expect(await first("settings")).toBe("Preferences");
    expect(await first("zom")).toBe("Zoom in");
    expect(await first("zapint")).toBe("Zapier Integration");
    expect(await first("доступ")).toBe("Контроль доступности");
    expect(await first("30fa")).toBe("Terraform");
    expect(await first("CI/CD Pipeline …ab12cd34")).toBe("CI/CD Pipeline");
  });

  it("moves by arrows and page keys, round the ends", async () => {
    const { user } = await open();
    const all = titles();
    expect(active()).toBe(all[0]);
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(active()).toBe(all[2]);
    await user.keyboard("{ArrowUp}{ArrowUp}{ArrowUp}");
    expect(active()).toBe(all.at(-1));
    await user.keyboard("{ArrowDown}{PageDown}");
    expect(active()).toBe(all[8]);
    await user.keyboard("{PageUp}");
    expect(active()).toBe(all[0]);
    expect(screen.getAllByRole("option", { selected: true })).toHaveLength(1);
  });

  it("opens a key's details", async () => {
    const { user } = await open();
    await user.keyboard("zapier{Enter}");
    expect(await screen.findByRole("dialog", { name: /Zapier Integration/ })).toBeVisible();
  });

  it("switches the account and shows a team", async () => {
    const { user, host } = await open(
      signedIn([keyRow({ id: "1", name: "Terraform" }), keyRow({ id: "2", name: "Lab", team: labs })], {
        first_state: () => two,
        switch_account: () => two,
      }),
    );
    await user.keyboard("labs{Enter}");
    await waitFor(() => expect(screen.getAllByRole("rowheader")).toHaveLength(1));
    await findRow("Lab");
    await user.keyboard("{Control>}k{/Control}");
    await user.keyboard("night");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(host.sent("switch_account")).toEqual([{ account: "2" }]));
  });

  it("puts first what was chosen last, until something is typed", async () => {
    const { user, row } = await open();
    expect(screen.queryByRole("group", { name: "Recent" })).toBeNull();
    for (const text of ["zoom in", "refresh"]) {
      await user.keyboard(`${text}{Enter}`);
      await expectFocusOn(() => row);
      await user.keyboard("{Control>}k{/Control}");
      await screen.findByRole("combobox");
    }
    expect(titles().slice(0, 2)).toEqual(["Refresh", "Zoom in"]);
    expect(titles().filter((title) => title === "Refresh")).toHaveLength(1);
    await user.keyboard("e");
    expect(screen.queryByRole("group", { name: "Recent" })).toBeNull();
  });

  it("does nothing else while it is open", async () => {
    const { user } = await open();
    await user.keyboard("{Control>}n{/Control}?/jk ");
    expect(screen.getAllByRole("dialog")).toHaveLength(1);
    expect(screen.getByRole("combobox")).toHaveValue("?/jk ");
  });

  it("shows some of very many keys, and how many there are", async () => {
    const { user } = await open(signedIn(manyKeys(2_000)), "Service 2");
    expect(screen.getByRole("group", { name: "API keys 5 of 2,000" })).toBeInTheDocument();
    await user.keyboard("service");
    expect(screen.getByRole("group", { name: "API keys 50 of 2,000" })).toBeInTheDocument();
  });

  it("shows names as text, whatever is in them", async () => {
    const { user } = await open(signedIn(hostileKeys()), /onerror/);
    await user.keyboard("img src");
    expect(titles()[0]).toContain("<img src=x");
    expect(document.querySelector("img")).toBeNull();
    expect(await violations()).toEqual([]);
  });
});

describe("a token in the palette", () => {
  const everything = () =>
    document.documentElement.outerHTML +
    Array.from(document.querySelectorAll("input"), ({ value }) => value).join(" ");

  it("finds the key by its end, and isn't kept", async () => {
    const { user, field, host } = await open();
    await user.paste(TOKEN_TEXT);
    expect(screen.getByRole("combobox")).toHaveValue("ab12cd34");
    expect(titles()).toEqual(["CI/CD Pipeline", "I found this string…"]);
    expect(screen.getByText(/^Searched for the last 8 .* not kept/)).toBeVisible();
    expect(within(screen.getByRole("dialog")).getByRole("status")).toHaveTextContent("1 result.");
    expect(everything()).not.toContain(TOKEN_TEXT.slice(5, 20));
    expect(await violations()).toEqual([]);
    // It is another field than the one that it came into: what that one could undo is gone with it.
    expect(field).not.toBeInTheDocument();
    expect(document.activeElement).toBe(screen.getByRole("combobox"));
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("dialog", { name: /CI\/CD Pipeline/ })).toBeVisible();
    await user.keyboard("{Escape}");
    await user.keyboard("{Control>}k{/Control}");
    expect(await screen.findByRole("combobox")).toHaveValue("");
    expect(everything()).not.toContain(TOKEN_TEXT.slice(5, 20));
    expect(JSON.stringify(host.calls)).not.toContain(TOKEN_TEXT.slice(5, 20));
  });

  it("says so where no key ends like it, be it only by capital letters", async () => {
    const { user } = await open();
    await user.paste(`${TOKEN_TEXT.slice(0, -8)}AB12CD34`);
    const said = within(screen.getByRole("dialog")).getByRole("status");
    expect(said).toHaveTextContent("No key of this account ends in …AB12CD34.");
    expect(
      screen.getByText(/^No key of this account .* not kept/, { selector: "p:not([role])" }),
    ).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.keyboard("{Backspace}");
    expect(screen.queryByText(/was not kept/)).toBeNull();
  });

  it("of no key here can be looked at closer, brought there anew", async () => {
    const { user } = await open();
    await user.paste(`${TOKEN_TEXT.slice(0, -8)}AB12CD34`);
    expect(
      group(/^It may be of another account/).getByRole("option", { name: /I found this/ }),
    ).toBeVisible();
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("dialog", { name: "I found this string" })).toBeVisible();
    expect(everything()).not.toContain(TOKEN_TEXT.slice(5, 20));
  });

  it("is cut to its end when it is typed or dropped too", async () => {
    const { user } = await open();
    await user.keyboard("1042|{Shift}abcdefghijklmnopqrstuvwxyz0123456789");
    expect(screen.getByRole("combobox")).not.toHaveDisplayValue(/1042/);
    expect(everything()).not.toContain("abcdefghijklmnop");
  });

  it("is told from names and ends of tokens", () => {
    expect(tailOf(TOKEN_TEXT)).toBe("ab12cd34");
    expect(tailOf(`curl -H "Authorization: Bearer ${TOKEN_TEXT}" https://x\n`)).toBe("ab12cd34");
    expect(tailOf(`PULSEAPI_TOKEN="${TOKEN_TEXT.slice(5)}"`)).toBe("ab12cd34");
    expect(tailOf("ghp_16C7e42F292c6912E7710c838347Ae178B4a")).toBe("7Ae178B4a".slice(-8));
    for (const name of sampleKeys()) expect(tailOf(`${name.name} …${name.lastEight}`)).toBeNull();
    expect(tailOf("production-monitoring-service-account")).toBeNull();
    expect(tailOf("x".repeat(300))).toBeNull();
  });
});
