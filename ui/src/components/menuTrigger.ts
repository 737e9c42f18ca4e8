/** What makes a button the one of a menu: it opens by a press, and by the arrows up and down. */
import type { KeyboardEvent } from "react";

interface MenuTriggerProps {
  "aria-haspopup": "menu";
  "aria-expanded": boolean;
  onPress: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

export function menuTrigger(isOpen: boolean, open: () => void): MenuTriggerProps {
  return {
    "aria-haspopup": "menu",
    "aria-expanded": isOpen,
    onPress: open,
    onKeyDown: (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      open();
    },
  };
}
