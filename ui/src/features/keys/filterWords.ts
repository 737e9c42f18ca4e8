/** What filters are called. */
import type { TeamView } from "../../bindings";
import { forDisplay } from "../../lib/text";
import { dateOf } from "../../lib/time";
import type { Filter } from "./filters";

export function wordsOf(filter: Filter, teams: readonly TeamView[]): string {
  switch (filter.kind) {
    case "never-used":
      return "Never used";
    case "idle":
      return `Idle ${filter.days} days`;
    case "created-before":
      return `Before ${dateOf(`${filter.day}T00:00:00`)}`;
    case "ability":
      return forDisplay(filter.ability).shown;
    case "team":
      return forDisplay(teams.find(({ id }) => id === filter.team)?.name ?? filter.team).shown;
    case "own":
      return "This app’s key";
    case "note":
      return filter.is === "none" ? "No note" : "Review due";
  }
}
