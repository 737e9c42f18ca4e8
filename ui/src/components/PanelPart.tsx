/** What fills a place of the window and is a part of its own: see lib/part. Nothing shows until it is there. */
import { CircleAlert } from "lucide-react";
import type { ComponentType, ReactNode } from "react";
import { usePart, type Part } from "../lib/part";
import { Button } from "./Button";
import { ListState } from "./ListState";

interface PanelPartProps<Props> {
  part: Part<Props>;
  children: (Component: ComponentType<Props>) => ReactNode;
}

export function PanelPart<Props>({ part, children }: PanelPartProps<Props>) {
  const state = usePart(part);
  switch (state.kind) {
    case "ready":
      return children(state.Component);
    case "loading":
      return null;
    case "failed":
      return (
        <ListState
          isAlert
          icon={CircleAlert}
          title="This part could not be loaded"
          actions={<Button onPress={() => void part.load()}>Try again</Button>}
        >
          <p>If trying again doesn’t help, restart Pulse Keys.</p>
        </ListState>
      );
  }
}
