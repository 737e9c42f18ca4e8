/** How an account's list is sorted and filtered, as the preferences remember it. What they say wrongly is ignored. */
import { useCallback, useMemo } from "react";
import type { AccountView, ListPreferences } from "../../bindings";
import { useChangePreferences, usePreferences } from "../../state/usePreferences";
import { codeOf, filtersOf, type Filter } from "./filters";
import { firstOrder, isColumn, type Order } from "./order";

interface ListChoices {
  order: Order;
  filters: readonly Filter[];
  setOrder: (order: Order) => void;
  setFilters: (filters: readonly Filter[]) => void;
}

function orderOf(list: ListPreferences | undefined): Order {
  if (list === undefined || !isColumn(list.column)) return firstOrder;
  return { column: list.column, direction: list.descending ? "descending" : "ascending" };
}

export function useListPreferences({ id, teams }: AccountView): ListChoices {
  const list = usePreferences().lists[id];
  const change = useChangePreferences();
  const order = useMemo(() => orderOf(list), [list]);
  // A team that was left since would show nothing, and have no name to say so.
  const filters = useMemo(
    () =>
      filtersOf(list?.filters ?? []).filter(
        (filter) => filter.kind !== "team" || teams.some((team) => team.id === filter.team),
      ),
    [list, teams],
  );
  const remember = useCallback(
    (what: { order?: Order; filters?: readonly Filter[] }) =>
      change(({ lists }) => {
        const now = lists[id];
        const { column, direction } = what.order ?? orderOf(now);
        const next: ListPreferences = {
          column,
          descending: direction === "descending",
          filters: what.filters?.map(codeOf) ?? now?.filters ?? [],
        };
        return { lists: { ...lists, [id]: next } };
      }),
    [change, id],
  );
  const setOrder = useCallback((next: Order) => remember({ order: next }), [remember]);
  const setFilters = useCallback((next: readonly Filter[]) => remember({ filters: next }), [remember]);
  return { order, filters, setOrder, setFilters };
}
