/** Every action of the table on six keyboards, whose rows are what X types with setxkbmap's layouts of these names. */
import { describe, expect, it } from "vitest";
import { chordOf, sayKeys, type Pressed } from "./keys";
import { Registry } from "./registry";
import { actionIds, actionOf, type ActionId } from "./table";

const letters = (row: string) => row.split("").map((letter) => `Key${letter}`);

/** In the order of the rows below. */
const codes = [
  ..."1234567890".split("").map((digit) => `Digit${digit}`),
  ...["Minus", "Equal", ...letters("QWERTYUIOP"), "BracketLeft", "BracketRight"],
  ...[...letters("ASDFGHJKL"), "Semicolon", "Quote", "Backquote", "Backslash"],
  ...[...letters("ZXCVBNM"), "Comma", "Period", "Slash", "IntlBackslash"],
];

/** What each key types alone, and with Shift; · for the dead ones. */
const layouts = {
  us: [
    "1234567890-=qwertyuiop[]asdfghjkl;'`\\zxcvbnm,./<",
    '!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"~|ZXCVBNM<>?>',
  ],
  de: [
    "1234567890ß·qwertzuiopü+asdfghjklöä·#yxcvbnm,.-<",
    "!\"§$%&/()=?·QWERTZUIOPÜ*ASDFGHJKLÖÄ°'YXCVBNM;:_>",
  ],
  fr: [
    "&é\"'(-è_çà)=azertyuiop·$qsdfghjklmù²*wxcvbn,;:!<",
    "1234567890°+AZERTYUIOP·£QSDFGHJKLM%~µWXCVBN?./§>",
  ],
  ru: [
    "1234567890-=йцукенгшщзхъфывапролджэё\\ячсмитьбю./",
    '!"№;%:?*()_+ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЁ/ЯЧСМИТЬБЮ,|',
  ],
  gr: [
    "1234567890-=;ςερτυθιοπ[]ασδφγηξκλ·'`\\ζχψωβνμ,./«",
    '!@#$%^&*()_+:ΣΕΡΤΥΘΙΟΠ{}ΑΣΔΦΓΗΞΚΛ·"~|ΖΧΨΩΒΝΜ<>?»',
  ],
  dvorak: [
    "1234567890[]',.pyfgcrl/=aoeuidhtns-`\\;qjkxbmwvz<",
    '!@#$%^&*(){}"<>PYFGCRL?+AOEUIDHTNS_~|:QJKXBMWVZ>',
  ],
} as const;
type Layout = keyof typeof layouts;
const names = Object.keys(layouts) as Layout[];

type Held = Partial<Pick<Pressed, "ctrlKey" | "shiftKey" | "altKey">>;

function pressOf(key: string, code: string, held: Held = {}): Pressed {
  return { key, code, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held };
}

/** A press of the key there, as the page gets it. */
function at(layout: Layout, code: string, held: Held = {}): Pressed {
  const typed = layouts[layout][held.shiftKey === true ? 1 : 0][codes.indexOf(code)] ?? "·";
  return pressOf(typed === "·" ? "Dead" : typed, code, held);
}

/** A registry that has seen this layout type a letter, and what a press ran in it. */
function running(layout: Layout) {
  const registry = new Registry();
  let ran: ActionId | null = null;
  for (const id of actionIds) registry.offer(id, { current: () => (ran = id), subject: null });
  registry.notice(at(layout, "KeyF"));
  const press = (pressed: Pressed) => {
    ran = null;
    registry.notice(pressed);
    const rest = { target: document.body, defaultPrevented: false, preventDefault: () => undefined };
    registry.press({ ...pressed, ...rest });
    return ran as ActionId | null;
  };
  return { registry, press };
}

/** How somebody at this keyboard presses the keys of a shortcut: what is typed so, else where it is printed. */
function pressesFor(layout: Layout, keys: string): Pressed[] {
  const key = keys.endsWith("+") ? "+" : (keys.split("+").at(-1) ?? "");
  const held = { ctrlKey: keys.includes("mod+"), shiftKey: keys.includes("Shift+"), altKey: false };
  if (key.length > 1) return [pressOf(key === "Space" ? " " : key, key, held)];
  const [alone, shifted] = layouts[layout];
  const wanted = key.toLowerCase();
  const isLetter = /[a-z]/.test(wanted);
  const places = alone.split("").flatMap((typed, place) => (typed === wanted ? [place] : []));
  const withShift = isLetter
    ? []
    : shifted.split("").flatMap((typed, place) => (typed === wanted ? [place] : []));
  const typed = [
    ...places.map((place) => at(layout, codes[place] ?? "", held)),
    ...withShift.map((place) => at(layout, codes[place] ?? "", { ...held, shiftKey: true })),
  ];
  const isDigit = /\d/.test(wanted);
  const printed = at(layout, isDigit ? `Digit${wanted}` : `Key${key.toUpperCase()}`, held);
  return isDigit || (isLetter && typed.length === 0) ? [...typed, printed] : typed;
}

describe.each(names)("on a keyboard of %s", (layout) => {
  it.each(actionIds)("%s runs by each of its keys", (id) => {
    const { press } = running(layout);
    for (const keys of actionOf(id).keys) {
      const presses = pressesFor(layout, keys);
      expect(presses, `${keys} can be pressed`).not.toEqual([]);
      for (const each of presses) expect(press(each), `${keys} at ${each.code}`).toBe(id);
    }
  });

  it("what the layout types wins over where the key is", () => {
    const { press } = running(layout);
    for (const id of actionIds) {
      for (const keys of actionOf(id).keys.filter((each) => /^(mod\+)?.$/.test(each))) {
        const [, mod = "", key = ""] = /^(mod\+)?(.)$/.exec(keys) ?? [];
        for (const shiftKey of [false, true]) {
          const place = layouts[layout][shiftKey ? 1 : 0].indexOf(key.toLowerCase());
          if (place < 0) continue;
          const pressed = at(layout, codes[place] ?? "", { ctrlKey: mod !== "", shiftKey });
          expect(press(pressed), `${keys} at ${pressed.code}`).toBe(id);
        }
      }
    }
  });
});

it.each(["us", "de", "fr", "dvorak"] as const)("on %s no letter counts by where it is", (layout) => {
  const { press } = running(layout);
  for (const code of codes.filter((each) => each.startsWith("Key"))) {
    const pressed = at(layout, code, { ctrlKey: true });
    const meant = actionIds.find((id) =>
      actionOf(id).keys.some((keys) => keys.toLowerCase() === `mod+${pressed.key}`),
    );
    expect(press(pressed), `Ctrl at ${code}, which types ${pressed.key}`).toBe(meant ?? null);
  }
});

it("follows the layout when it is switched", () => {
  const { press } = running("us");
  expect(press(at("us", "KeyK", { ctrlKey: true }))).toBe("app.palette");
  expect(press(at("ru", "KeyK", { ctrlKey: true }))).toBe("app.palette");
  expect(press(at("gr", "KeyQ", { ctrlKey: true }))).toBe("app.quit");
  expect(press(at("dvorak", "KeyU", { ctrlKey: true }))).toBeNull();
  expect(press(at("dvorak", "KeyQ", { ctrlKey: true }))).toBeNull();
  expect(press(at("dvorak", "KeyX", { ctrlKey: true }))).toBe("app.quit");
});

it("a shifted digit is not the digit", () => {
  expect(running("us").press(at("us", "Digit1", { ctrlKey: true, shiftKey: true }))).toBeNull();
  expect(running("fr").press(at("fr", "Digit1", { ctrlKey: true, shiftKey: true }))).toBe("tab.keys");
});

it.each([
  ["ru", "KeyK", {}, "Ctrl K"],
  ["gr", "KeyQ", {}, "Ctrl Q"],
  ["ru", "KeyK", { shiftKey: true }, "Ctrl Shift K"],
  ["fr", "Digit1", {}, "Ctrl 1"],
  // On the same key, and taken: whoever records it is told so.
  ["fr", "Digit6", {}, "Ctrl -"],
  ["fr", "KeyQ", {}, "Ctrl A"],
  ["de", "BracketLeft", {}, "Ctrl Ü"],
  ["dvorak", "KeyK", {}, "Ctrl T"],
] as const)("of %s, %s with Ctrl is recorded as it is printed", (layout, code, held, said) => {
  const { registry } = running(layout);
  const read = registry.read(at(layout, code, { ctrlKey: true, ...held }));
  expect(sayKeys(chordOf(read) ?? "")).toBe(said);
});

it("a chord that was recorded on one layout is pressed on each", () => {
  const { registry, press } = running("ru");
  const taken = chordOf(registry.read(at("ru", "KeyM", { ctrlKey: true }))) ?? "";
  registry.setShortcuts({ "help.dashboard": [taken] });
  expect(press(at("ru", "KeyM", { ctrlKey: true }))).toBe("help.dashboard");
  expect(press(at("us", "KeyM", { ctrlKey: true }))).toBe("help.dashboard");
});
