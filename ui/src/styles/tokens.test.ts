/** Contrast of every pair of tokens that text or a control is drawn in, in both themes (WCAG 2.2, AA). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/styles/tokens.css", "utf8");

function coloursOf(token: string): [light: string, dark: string] {
  const found = new RegExp(`--${token}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`).exec(css);
  if (found?.[1] === undefined || found[2] === undefined) throw new Error(`no colours for ${token}`);
  return [found[1], found[2]];
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const plain = ["background", "sidebar", "surface", "surface-sunken", "sheet"];
const text: [string, string][] = [
  ...["text", "text-muted"].flatMap((front): [string, string][] =>
    [...plain, "accent-soft"].map((back) => [front, back]),
  ),
  ...["danger", "accent"].flatMap((front): [string, string][] =>
    ["background", "surface", "sheet"].map((back) => [front, back]),
  ),
  ["accent", "accent-soft"],
  ["text-on-accent", "accent"],
  ["text-on-danger", "danger-fill"],
  ["text-danger-soft", "danger-soft"],
  ["danger", "danger-soft"],
  ["text", "danger-soft"],
  ["text", "warning-soft"],
  ["text-warning", "warning-soft"],
  ["text-warning", "sidebar"],
  ["text-on-tooltip", "tooltip"],
];
const parts: [string, string][] = [
  ["border-control", "surface"],
  ["border-control", "background"],
  ["accent", "sidebar"],
  ["success", "surface"],
  ["success", "sidebar"],
  ["danger", "surface"],
];

describe.each(["light", "dark"])("%s", (theme) => {
  const of = (token: string) => coloursOf(token)[theme === "light" ? 0 : 1];

  it.each(text)("text: %s on %s is at least 4.5", (front, back) => {
    expect(contrast(of(front), of(back))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(parts)("parts of controls: %s on %s is at least 3", (front, back) => {
    expect(contrast(of(front), of(back))).toBeGreaterThanOrEqual(3);
  });
});
