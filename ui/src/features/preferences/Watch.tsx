/** Whether this machine is searched again every day, and when that was done last. Off unless it is turned on here. */
import { useQuery } from "@tanstack/react-query";
import type { WatchView } from "../../bindings";
import { useHost } from "../../host/host";
import { exactTime } from "../../lib/time";
import { outcomesKey } from "../../state/queryKeys";
import { useChangePreferences, usePreferences } from "../../state/usePreferences";
import { Section, Setting } from "./Section";
import { Segments } from "./Segments";

const answers = [
  ["off", "Off"],
  ["on", "On"],
] as const;

export function Watch() {
  const { keepWatch } = usePreferences();
  const change = useChangePreferences();
  const view = useWatch(keepWatch);
  return (
    <Section
      id="watch"
      help="Tells you when a key turns up in a place where it was not before, or where others can see it: by the rights of the file, or in a repository with a remote."
    >
      <Setting
        title="Search again every day"
        help={
          keepWatch
            ? `${wordsOf(view)} Files that have not changed are not opened again.`
            : "Off: nothing is searched unless you search, and nothing is kept for it. When on, the search folders are searched for all keys once a day while Pulse Keys runs, behind everything else that your computer does."
        }
      >
        {(ids) => (
          <Segments
            {...ids}
            options={answers}
            value={keepWatch ? "on" : "off"}
            onChange={(chosen) => change(() => ({ keepWatch: chosen === "on" }))}
          />
        )}
      </Setting>
    </Section>
  );
}

/** What it finds is among the outcomes: asked for again together with them, whenever the app says so. */
function useWatch(isOn: boolean): WatchView | undefined {
  const host = useHost();
  const { data } = useQuery({
    queryKey: [...outcomesKey, "watch"],
    queryFn: () => host.call("watch", null),
    enabled: isOn,
    retry: false,
  });
  return isOn ? data : undefined;
}

function wordsOf(view: WatchView | undefined): string {
  if (view?.isLooking === true) return "Searching now.";
  const looked = view?.lookedAt;
  return looked === null || looked === undefined
    ? "The first search begins a minute after the start of Pulse Keys. It reads everything once."
    : `Searched ${exactTime(looked)}, and again a day later.`;
}
