/**
 * jsdom matches every default rule with an element when its style is asked for after a change of the page. Role
 * queries, user-event, axe and react-aria ask hundreds of times per step, nearly always for the properties below: half
 * of the processor time of profiled tests. They are answered from what sets them in the tests: inline styles, and
 * default rules, which jsdom is asked for once per kind of element. A property that a stylesheet of the page sets, and
 * every other property, is answered by jsdom.
 */

/** Not inherited; the default rules set them by the element's kind, see `kindOf`. */
const own = [
  "clip",
  "clip-path",
  "content-visibility",
  "direction",
  "display",
  "height",
  "opacity",
  "overflow",
  "overflow-x",
  "overflow-y",
  "position",
  "width",
];

/** Inherited, with their initial values; no default rule sets them on anything that the app renders. */
const initialValues = new Map([
  ["pointer-events", "auto"],
  ["visibility", "visible"],
]);

/** The properties answered here, by both of their names. */
const properties = new Map(
  [...own, ...initialValues.keys()].flatMap((name) => [
    [name, name],
    [name.replace(/-[a-z]/g, (letter) => letter.slice(1).toUpperCase()), name],
  ]),
);

const cssWide = new Set(["inherit", "initial", "unset", "revert", "revert-layer"]);

/** What the default rules tell elements apart by when they set one of `own`. */
function kindOf(element: Element): string {
  // As JSON, so that an attribute that is empty differs from one that is absent: `hidden=""` hides.
  return JSON.stringify([
    element.namespaceURI,
    element.localName,
    ...["hidden", "open", "popover", "type"].map((name) => element.getAttribute(name)),
    // `summary` and `legend` depend on their parent.
    element.parentElement?.localName ?? null,
  ]);
}

/** The default rules give these a direction by their text. Others have none: jsdom doesn't inherit it. */
function hasOwnDirection(element: Element): boolean {
  return element.hasAttribute("dir") || ["bdi", "input"].includes(element.localName);
}

function inlineValue(element: Element, property: string): string {
  // Most elements have no inline style, and jsdom would build one to be asked.
  if (!element.hasAttribute("style") || !("style" in element)) return "";
  return (element.style as CSSStyleDeclaration).getPropertyValue(property);
}

function inheritedValue(element: Element, property: string, initial: string): string | undefined {
  for (let at: Element | null = element; at !== null; at = at.parentElement) {
    const value = inlineValue(at, property);
    if (value !== "" && value !== "inherit" && value !== "unset") {
      return cssWide.has(value) ? undefined : value;
    }
  }
  return initial;
}

const answering = new WeakSet<Window>();

export function answerFromInlineStyles(window: Window & typeof globalThis): void {
  if (answering.has(window)) return;
  answering.add(window);
  const ask = window.getComputedStyle.bind(window);
  const defaults = new Map<string, string>();

  function defaultValue(element: Element, property: string): string {
    const kind = `${property} ${kindOf(element)}`;
    let value = defaults.get(kind);
    if (value === undefined) {
      value = ask(element).getPropertyValue(property);
      defaults.set(kind, value);
    }
    return value;
  }

  /** Undefined where jsdom has to answer. */
  function answer(element: Element, property: string): string | undefined {
    if (setByStylesheet(element.ownerDocument, property)) return undefined;
    if (property === "direction" && hasOwnDirection(element)) return undefined;
    const initial = initialValues.get(property);
    if (initial !== undefined) return inheritedValue(element, property, initial);
    const inline = inlineValue(element, property);
    if (inline === "") return defaultValue(element, property);
    return cssWide.has(inline) ? undefined : inline;
  }

  window.getComputedStyle = (element, pseudoElement) => {
    if (typeof pseudoElement === "string" && pseudoElement !== "") return ask(element, pseudoElement);
    let whole: CSSStyleDeclaration | undefined;
    const wholeStyle = () => (whole ??= ask(element));
    const valueOf = (name: string) => {
      const property = properties.get(name);
      const value = property === name ? answer(element, property) : undefined;
      return value ?? wholeStyle().getPropertyValue(name);
    };
    return new Proxy({} as CSSStyleDeclaration, {
      get(_, name) {
        if (name === "getPropertyValue") return valueOf;
        const property = typeof name === "string" ? properties.get(name) : undefined;
        if (property !== undefined) return valueOf(property);
        const value: unknown = Reflect.get(wholeStyle(), name);
        return typeof value === "function" ? (value.bind(wholeStyle()) as unknown) : value;
      },
    });
  };
}

/** Per stylesheet, the text of its rules; read again when their number changes, for serialising them is slow. */
const texts = new WeakMap<CSSStyleSheet, { rules: number; text: string }>();

function setByStylesheet(document: Document, property: string): boolean {
  for (const sheet of document.styleSheets) {
    let known = texts.get(sheet);
    if (known?.rules !== sheet.cssRules.length) {
      const rules = [...sheet.cssRules];
      known = { rules: rules.length, text: rules.map(({ cssText }) => cssText).join(" ") };
      texts.set(sheet, known);
    }
    if (known.text.includes(property)) return true;
  }
  return false;
}
