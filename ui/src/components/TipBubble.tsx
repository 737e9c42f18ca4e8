/** The tooltip that `Tips` shows: a part of its own, since nothing needs it before the pointer rests somewhere. */
import type { RefObject } from "react";
import { Tooltip, TooltipTriggerStateContext } from "react-aria-components";
import { drawOverlay } from "./drawOverlay";
import styles from "./Tips.module.css";

/** What a tooltip expects of a trigger around it. Here the region opens and closes. */
const alwaysOpen = {
  isOpen: true,
  open: () => undefined,
  close: () => undefined,
  shouldSkipAnimation: false,
};

export interface TipBubbleProps {
  text: string;
  anchor: RefObject<HTMLElement | null>;
  /** Beside what it speaks of; else below it. */
  isBeside: boolean;
}

export function TipBubble({ text, anchor, isBeside }: TipBubbleProps) {
  return (
    <TooltipTriggerStateContext value={alwaysOpen}>
      <Tooltip
        render={drawOverlay}
        triggerRef={anchor}
        className={styles.tip ?? ""}
        placement={isBeside ? "right" : "bottom start"}
        offset={isBeside ? 8 : 6}
      >
        {text}
      </Tooltip>
    </TooltipTriggerStateContext>
  );
}
