/** Settings → API Keys: the list with its search, its age and its states, and the way to deleting. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTarget } from "../../actions/useActions";
import type { AccountView, AppState, KeyRow } from "../../bindings";
import { useToast } from "../../components/Toasts";
import { DeleteSheet } from "../delete/DeleteSheet";
import { toastOf } from "../delete/outcome";
import type { Settled } from "../delete/useDeletion";
import styles from "./KeysTab.module.css";
import { ListFooter } from "./ListFooter";
import { KeysTable, type TableHandle } from "./KeysTable";
import { ListSkeleton, NoKeys, NothingFound, RefreshFailed, ListFailed } from "./ListStates";
import { keepOrder, ofTeam, searchRows, sortRows, type Order } from "./order";
import { SearchField } from "./SearchField";
import { useKeys } from "./useKeys";

export interface ListView {
  search: string;
  order: Order;
}

interface KeysTabProps {
  account: AccountView;
  team: string | null;
  view: ListView;
  onView: (view: ListView) => void;
  onAllTeams: () => void;
  onSignIn: () => void;
  onState: (state: AppState) => void;
}

/** How long a deleted row takes to fade, in milliseconds; as in the style sheet. */
const FADE = 180;

interface OpenCard {
  row: KeyRow;
  /** The rows as they stood when it opened: nothing moves under an open card. */
  ids: readonly string[];
}

export function KeysTab({ account, team, view, onView, onAllTeams, onSignIn, onState }: KeysTabProps) {
  const { list, isRefreshing, error, refresh, remove } = useKeys(account.id);
  const toast = useToast();
  const table = useRef<TableHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const [card, setCard] = useState<OpenCard | null>(null);
  const [leaving, setLeaving] = useState<string | null>(null);
  const focusNext = useRef<string | null>(null);

  const all = list?.rows;
  const rows = useMemo(() => {
    if (all === undefined) return [];
    const found = searchRows(ofTeam(all, team), view.search);
    return card === null ? sortRows(found, view.order) : keepOrder(found, card.ids);
  }, [all, team, view, card]);

  useTarget("refreshKeys", refresh);
  useTarget(
    "focusSearch",
    useCallback(() => {
      search.current?.focus();
      search.current?.select();
    }, []),
  );

  const openCard = useCallback((row: KeyRow) => setCard({ row, ids: rows.map(({ id }) => id) }), [rows]);

  // The sheet gives the focus back to what had it before, which may be gone: the row is where people look.
  const settleFocus = (id: string | null) => requestAnimationFrame(() => table.current?.focusRow(id));

  const close = () => {
    settleFocus(card?.row.id ?? null);
    setCard(null);
  };

  const settle = (outcome: Settled) => {
    if (card === null) return;
    const { id } = card.row;
    toast(toastOf(outcome));
    setCard(null);
    if (outcome.signedOut !== null) {
      remove(id);
      onState(outcome.signedOut);
      return;
    }
    const place = rows.findIndex((row) => row.id === id);
    focusNext.current = (rows[place + 1] ?? rows[place - 1])?.id ?? null;
    settleFocus(focusNext.current);
    setLeaving(id);
  };

  useEffect(() => {
    if (leaving === null) return;
    const timer = setTimeout(() => {
      remove(leaving);
      setLeaving(null);
    }, FADE);
    return () => clearTimeout(timer);
  }, [leaving, remove]);

  const signIn = () => {
    setCard(null);
    onSignIn();
  };

  const isNarrowed = view.search.trim() !== "" || team !== null;
  const total = all?.length ?? 0;
  const hasRows = list !== undefined && (total > 0 || list.fetchedAt !== null);

  return (
    <div className={styles.tab}>
      {hasRows && total > 0 && (
        <SearchField
          ref={search}
          value={view.search}
          onChange={(text) => onView({ ...view, search: text })}
          onLeave={() => table.current?.focusRow(null)}
        />
      )}
      {error !== null && hasRows && (
        <RefreshFailed
          error={error}
          list={list}
          isBusy={isRefreshing}
          onRetry={refresh}
          onSignIn={onSignIn}
        />
      )}
      {error !== null && !hasRows && !isRefreshing && (
        <ListFailed error={error} onRetry={refresh} onSignIn={onSignIn} />
      )}
      {!hasRows && isRefreshing && <ListSkeleton />}
      {hasRows && total === 0 && <NoKeys account={account} />}
      {hasRows && total > 0 && rows.length === 0 && (
        <NothingFound
          search={view.search.trim()}
          team={account.teams.find(({ id }) => id === team)?.name ?? null}
          onClear={() => {
            onView({ ...view, search: "" });
            search.current?.focus();
          }}
          onAllTeams={onAllTeams}
        />
      )}
      {rows.length > 0 && (
        <KeysTable
          rows={rows}
          order={view.order}
          onOrder={(order) => onView({ ...view, order })}
          hasTeams={account.teams.length > 1 && team === null}
          cardOf={card?.row.id ?? null}
          leaving={leaving}
          onDelete={openCard}
          view={`${view.search} ${view.order.column} ${view.order.direction} ${team ?? ""}`}
          isBusy={isRefreshing}
          ref={table}
        />
      )}
      {hasRows && (
        <ListFooter
          list={list}
          shown={rows.length}
          isNarrowed={isNarrowed}
          isRefreshing={isRefreshing}
          onRefresh={refresh}
        />
      )}
      {card !== null && (
        <DeleteSheet
          key={card.row.id}
          account={account.id}
          row={card.row}
          onClose={close}
          onSettled={settle}
          onSignIn={signIn}
        />
      )}
    </div>
  );
}
