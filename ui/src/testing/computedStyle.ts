/**
 * jsdom matches every default rule with an element when its style is asked for after a change of the page. Role
 * queries, accessible names and react-aria ask hundreds of times per step, nearly always for the two properties below:
 * 42 % of the processor time of five profiled tests. They are answered from what sets them in the tests: inline styles,
 * and default rules, which jsdom is asked for once per kind of element. A property that a stylesheet of the page sets,
 * and every other property, is answered by jsdom.
 */
type Property = "display" | "visibility";

const isProperty = (name: string | symbol): name is Property => name === "display" || name === "visibility";

export function answerFromInlineStyles(window: Window & typeof globalThis): void {
  const ask = window.getComputedStyle.bind(window);
  const displays = new Map<string, string>();

  /** The default rules set `display` by the element's name and these attributes. */
  function defaultDisplay(element: Element): string {
    // As JSON, so that an attribute that is empty differs from one that is absent: `hidden=""` hides.
    const kind = JSON.stringify([
      element.namespaceURI,
      element.localName,
      ...["hidden", "open", "type"].map((name) => element.getAttribute(name)),
      // `summary` and `legend` depend on their parent.
      element.parentElement?.localName ?? null,
    ]);
    let display = displays.get(kind);
    if (display === undefined) {
      display = ask(element).display;
      displays.set(kind, display);
    }
    return display;
  }

  function answer(element: Element, property: Property): string {
    const inline =
      "style" in element ? (element.style as CSSStyleDeclaration).getPropertyValue(property) : "";
    if (property === "display") return inline === "" ? defaultDisplay(element) : inline;
    if (inline !== "" && inline !== "inherit" && inline !== "unset") return inline;
    const parent = element.parentElement;
    return parent === null ? "visible" : answer(parent, property);
  }

  window.getComputedStyle = (element, pseudoElement) => {
    if (typeof pseudoElement === "string" && pseudoElement !== "") return ask(element, pseudoElement);
    let whole: CSSStyleDeclaration | undefined;
    const wholeStyle = () => (whole ??= ask(element));
    const valueOf = (name: string) =>
      isProperty(name) && !setByStylesheet(element.ownerDocument, name)
        ? answer(element, name)
        : wholeStyle().getPropertyValue(name);
    return new Proxy({} as CSSStyleDeclaration, {
      get(_, name) {
        if (name === "getPropertyValue") return valueOf;
        if (isProperty(name)) return valueOf(name);
        const value: unknown = Reflect.get(wholeStyle(), name);
        return typeof value === "function" ? (value.bind(wholeStyle()) as unknown) : value;
      },
    });
  };
}

/** Per stylesheet, the text of its rules; read again when their number changes, for serialising them is slow. */
const texts = new WeakMap<CSSStyleSheet, { rules: number; text: string }>();

function setByStylesheet(document: Document, property: Property): boolean {
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
