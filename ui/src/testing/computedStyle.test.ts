import { afterEach, describe, expect, it } from "vitest";

afterEach(() => {
  document.head.replaceChildren();
  document.body.replaceChildren();
});

function styleOf(html: string) {
  document.body.innerHTML = html;
  const element = document.querySelector("#subject");
  if (element === null) throw new Error("no subject");
  return getComputedStyle(element);
}

describe("the quick computed style", () => {
  it.each([
    ["<div id=subject></div>", "block"],
    ["<div id=subject hidden></div>", "none"],
    ["<span id=subject></span>", "inline"],
    ["<span id=subject hidden></span>", "none"],
    ['<div id=subject style="display: none"></div>', "none"],
    ['<div id=subject style="display: flex" hidden></div>', "flex"],
    ["<dialog id=subject></dialog>", "none"],
    ["<dialog id=subject open></dialog>", "block"],
    ["<script id=subject type=none></script>", "none"],
  ])("knows whether it is displayed: %s", (html, display) => {
    const style = styleOf(html);
    expect(style.display).toBe(display);
    expect(style.getPropertyValue("display")).toBe(display);
  });

  it("inherits visibility, which a descendant can take back", () => {
    const hidden = '<div style="visibility: hidden"><p id=subject></p></div>';
    expect(styleOf(hidden).visibility).toBe("hidden");
    const shown = '<div style="visibility: hidden"><p id=subject style="visibility: visible"></p></div>';
    expect(styleOf(shown).visibility).toBe("visible");
  });

  it("knows the other properties by both of their names", () => {
    const style = styleOf(
      '<div id=subject style="opacity: 0; content-visibility: hidden; overflow-x: clip"></div>',
    );
    expect(style.opacity).toBe("0");
    expect(style.getPropertyValue("content-visibility")).toBe("hidden");
    expect(style.overflowX).toBe("clip");
    expect(style.getPropertyValue("overflowX")).toBe("");
    expect(styleOf("<div id=subject popover></div>").position).toBe("fixed");
    expect(styleOf("<bdi id=subject dir=rtl>x</bdi>").direction).toBe("rtl");
  });

  it("lets the pointer through where the element or what it stands in says so", () => {
    expect(styleOf("<p id=subject></p>").pointerEvents).toBe("auto");
    const none = '<div style="pointer-events: none"><p id=subject></p></div>';
    expect(styleOf(none).pointerEvents).toBe("none");
    const again =
      '<div style="pointer-events: none"><p id=subject style="pointer-events: initial"></p></div>';
    expect(styleOf(again).pointerEvents).toBe("auto");
  });

  it("follows a change of the element and of the page’s stylesheets", () => {
    expect(styleOf("<p id=subject class=secret></p>").display).toBe("block");
    document.querySelector("#subject")?.setAttribute("hidden", "");
    expect(styleOf(document.body.innerHTML).display).toBe("none");
    document.querySelector("#subject")?.removeAttribute("hidden");
    document.head.innerHTML = "<style>.secret { display: none; visibility: hidden }</style>";
    const style = styleOf(document.body.innerHTML);
    expect(style.display).toBe("none");
    expect(style.visibility).toBe("hidden");
  });
});
