/**
 * Contrast of every pair of tokens that text or a part of a control is drawn in (WCAG 2.2, AA; 7 in high contrast),
 * told in contrast.md, and that colours, times and radii stand in tokens.css and nowhere else.
 */
import { readFileSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";

const css = readFileSync("src/styles/tokens.css", "utf8");

/** What stands between the braces after a selector. */
function blockOf(selector: string): string {
  const from = css.indexOf(`${selector} {`);
  if (from === -1) throw new Error(`no ${selector}`);
  return css.slice(css.indexOf("{", from) + 1, css.indexOf("\n}", from));
}

const more = blockOf(':root[data-contrast="more"]');

type Colour = [red: number, green: number, blue: number];

const themes = ["light", "dark", "light, more", "dark, more"] as const;
type Theme = (typeof themes)[number];

function hex(text: string): Colour {
  return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16)) as Colour;
}

function mix(one: Colour, other: Colour, share: number): Colour {
  return one.map((part, at) => part * (1 - share) + (other[at] ?? 0) * share) as Colour;
}

function valueOf(token: string, theme: Theme): string {
  const declared = new RegExp(`--${token}:\\s([^;]+);`);
  const found = (theme.endsWith("more") ? declared.exec(more) : null) ?? declared.exec(css);
  if (found?.[1] === undefined) throw new Error(`no ${token}`);
  return found[1];
}

/** A token, or one under the pointer or a press: `surface under hover`. */
function colourOf(name: string, theme: Theme): Colour {
  const [token = "", veil] = name.split(" under ");
  const found = /^light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)$/.exec(valueOf(token, theme));
  const own = found?.[theme.startsWith("light") ? 1 : 2];
  if (own === undefined) throw new Error(`no colours for ${token}`);
  if (veil === undefined) return hex(own);
  const share = /var\(--text\) (\d+)%/.exec(valueOf(veil, theme))?.[1];
  if (share === undefined) throw new Error(`no share for ${veil}`);
  return mix(hex(own), colourOf("text", theme), Number(share) / 100);
}

function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(front: string, back: string, theme: Theme): number {
  const both = [front, back].map((name) => luminance(colourOf(name, theme)));
  const [dark = 0, light = 0] = both.sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const plain = ["background", "sidebar", "surface", "surface-sunken", "sheet"];
const veiled = ["surface under hover", "surface under pressed", "sidebar under hover"];
const on = (front: string, backs: readonly string[]) => backs.map((back) => [front, back] as const);

const text = [
  ...on("text", [...plain, ...veiled, "accent-soft", "danger-soft", "warning-soft"]),
  ...on("text-muted", [...plain, ...veiled, "accent-soft"]),
  ...on("accent", ["background", "surface", "sheet", "accent-soft"]),
  ...on("danger", ["background", "surface", "sheet", "danger-soft"]),
  ...on("success", ["surface", "sheet"]),
  ...on("text-on-accent", ["accent", "accent under hover", "accent under pressed"]),
  ...on("text-on-danger", ["danger-fill"]),
  ...on("text-danger-soft", ["danger-soft"]),
  ...on("text-warning", ["warning-soft", "sidebar", "surface", "surface under hover", "sheet"]),
  ...on("text-on-tooltip", ["tooltip"]),
];
/** Edges of controls, focus rings, dots and bars. */
const parts = [
  ...on("border-control", ["surface", "background", "sheet"]),
  ...on("accent", ["background", "sidebar", "surface", "sheet", "accent-soft"]),
  ...on("success", ["surface", "sidebar"]),
  ...on("danger", ["surface"]),
];
/** Lines that only set things apart carry nothing, until more contrast is asked for. */
const lines = [
  ...on("border", ["surface", "background", "sidebar", "sheet"]),
  ...on("border-strong", ["surface", "background", "sheet"]),
];

const isMore = (theme: Theme) => theme.endsWith("more");
const asked = [
  ...text.map((pair) => ({ pair, kind: "text", least: (theme: Theme) => (isMore(theme) ? 7 : 4.5) })),
  ...parts.map((pair) => ({ pair, kind: "part", least: (theme: Theme) => (isMore(theme) ? 4.5 : 3) })),
  ...lines.map((pair) => ({ pair, kind: "line", least: (theme: Theme) => (isMore(theme) ? 3 : 1) })),
];

it("has the contrast that WCAG asks for, everywhere", () => {
  const low = asked.flatMap(({ pair: [front, back], least }) =>
    themes
      .filter((theme) => contrast(front, back, theme) < least(theme))
      .map((theme) => `${front} on ${back}, ${theme}: ${contrast(front, back, theme).toFixed(2)}`),
  );
  expect(low).toEqual([]);
});

it("tells its figures in contrast.md", async () => {
  const rows = [
    ["Token", "On", "Kind", ...themes],
    ...asked.map(({ pair: [front, back], kind }) => [
      front,
      back,
      kind,
      // Cut, not rounded: no figure looks better than it is.
      ...themes.map((theme) => (Math.floor(contrast(front, back, theme) * 10) / 10).toFixed(1)),
    ]),
  ];
  const widths = rows[0]?.map((_, at) => Math.max(3, ...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  const lineOf = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const [head = "", ...body] = rows.map((row) => lineOf(row.map((cell, at) => cell.padEnd(widths[at] ?? 0))));
  const rule = lineOf(widths.map((width) => "-".repeat(width)));
  const table = [
    "# Contrast of the tokens",
    "",
    "Written by tokens.test.ts (`npx vitest run src/styles -u`). Text has at least 4.5, in high contrast 7; parts of controls 3, in high contrast 4.5; lines 3 in high contrast.",
    "",
    head,
    rule,
    ...body,
    "",
  ].join("\n");
  await expect(table).toMatchFileSnapshot("contrast.md");
});

/** The style sheets that use the tokens. */
function sheetNames(): string[] {
  return readdirSync("src", { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".css") && !/(tokens|fonts)\.css$/.test(name),
  );
}

it("has the distances, wherever one of its scale is meant", () => {
  const scale = Array.from(css.matchAll(/--space-\d+: ([\d.]+)rem/g), ([, rem]) => rem);
  const distance = /(?<![\w-])(?:margin|padding|(?:row-|column-)?gap)[a-z-]*:([^;{}]+);/g;
  const found = sheetNames().flatMap((name) =>
    Array.from(readFileSync(`src/${name}`, "utf8").matchAll(distance), ([, value = ""]) =>
      Array.from(value.matchAll(/(?<![\w.])(\d*\.?\d+)rem\b/g), ([, rem]) => rem)
        .filter((rem) => scale.includes(rem))
        .map((rem) => `${name}: ${rem}rem`),
    ).flat(),
  );
  expect(scale.length).toBeGreaterThan(8);
  expect(found).toEqual([]);
});

it("is where all colours, times, shadows and radii stand", () => {
  const raw = [
    /#[0-9a-f]{3,8}\b/i,
    /\b(?:rgb|rgba|hsl|oklch|cubic-bezier)\(/,
    /\b(?:ease|ease-in|ease-out|ease-in-out)\b(?!\))/,
    /(?<![\w.-])\d*\.?\d+m?s\b/,
    /box-shadow:(?! (?:var\(|none))/,
    /border(?:-[a-z-]+)?-radius: \d*[1-9]/,
  ];
  const found = sheetNames().flatMap((name) =>
    readFileSync(`src/${name}`, "utf8")
      .split("\n")
      .filter((line) => raw.some((pattern) => pattern.test(line.replace(/var\(--[\w-]+\)/g, "var()"))))
      .map((line) => `${name}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});
