/** Keys that are as they are everywhere, and so neither in the table of actions nor in Preferences. */
import { isMac, sayKeys } from "../../actions/keys";

interface FixedKey {
  title: string;
  /** Each one as the keys that are pressed together. */
  keys: readonly (readonly string[])[];
}

interface FixedGroup {
  title: string;
  keys: readonly FixedKey[];
}

const shift = sayKeys("Shift+X").split(" ")[0] ?? "Shift";

export const fixedKeys: readonly FixedGroup[] = [
  {
    title: "In lists",
    keys: [
      { title: "Next, previous row", keys: [["↓"], ["↑"]] },
      { title: "First, last row", keys: [["Home"], ["End"]] },
      { title: "A page down, up", keys: [["Page Down"], ["Page Up"]] },
      { title: "Along the row", keys: [["→"], ["←"]] },
      {
        title: "Extend the selection",
        keys: [
          [shift, "↓"],
          [shift, "↑"],
        ],
      },
    ],
  },
  {
    title: "In sheets and menus",
    keys: [
      { title: "Close what is open", keys: [["Esc"]] },
      { title: "Next, previous field", keys: [["Tab"], [shift, "Tab"]] },
      { title: "Press what has the focus", keys: [["Space"], [isMac ? "Return" : "Enter"]] },
      { title: "Go to an item of a menu", keys: [["its first letters"]] },
    ],
  },
];
