/** What makes a button the one of a menu: it opens by a press, and by the arrows up and down. */
/** What of React Aria's event is looked at. */
interface KeyPress {
  key: string;
  continuePropagation: () => void;
}

interface MenuTriggerProps {
  "aria-haspopup": "menu";
  "aria-expanded": boolean;
  onPress: () => void;
  onKeyDown: (event: KeyPress) => void;
}

export function menuTrigger(isOpen: boolean, open: () => void): MenuTriggerProps {
  return {
    "aria-haspopup": "menu",
    "aria-expanded": isOpen,
    onPress: open,
    onKeyDown: (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") open();
      else event.continuePropagation();
    },
  };
}
