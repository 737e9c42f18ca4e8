/** Settings → API Keys: the list with its search, its age and its states, and the ways to what can be done with keys. */
import { Plus } from "lucide-react";
import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState, type Ref } from "react";
import { Tooltip, TooltipTrigger } from "react-aria-components";
import { ariaKeys, sayKeys } from "../../actions/keys";
import { useAction, useActionState } from "../../actions/useActions";
import type { AccountView, KeyRow, UiError } from "../../bindings";
import { Button } from "../../components/Button";
import type { GridHandle } from "../../components/useGrid";
import tips from "../../components/Tips.module.css";
import { tokensByKey, useCustody } from "../custody/useCustody";
import { useSheets, type ListHandle } from "../shell/sheets";
import type { KeyList } from "./keyList";
import styles from "./KeysTab.module.css";
import { ListFooter } from "./ListFooter";
import { KeysTable } from "./KeysTable";
import type { RowAction } from "./listContext";
import { ListSkeleton, NoKeys, NothingFound, RefreshFailed, ListFailed } from "./ListStates";
import { ofTeam, searchRows, sortRows, type Order } from "./order";
import { SearchField } from "./SearchField";
import { useKeyCache, useKeys } from "./useKeys";

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
  ref: Ref<ListHandle>;
}

/** How long a deleted row takes to fade, in milliseconds; as in the style sheet. */
const FADE = 180;

/** What is on screen of the list. */
interface Picture {
  list: KeyList | undefined;
  rows: readonly KeyRow[];
  error: UiError | null;
}

export function KeysTab({ account, team, view, onView, onAllTeams, onSignIn, ref }: KeysTabProps) {
  const keys = useKeys(account.id);
  const { isRefreshing, refresh } = keys;
  const cache = useKeyCache();
  const custody = useCustody();
  const { current: sheet, subject, open } = useSheets();
  const table = useRef<GridHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const create = useRef<HTMLButtonElement>(null);
  const [leaving, setLeaving] = useState<string | null>(null);
  const [held, setHeld] = useState<Picture | null>(null);
  /** Whose menu is open. */
  const [menuOf, setMenuOf] = useState<KeyRow["id"] | null>(null);
  /** A row that gets the focus when it arrives. */
  const awaited = useRef<KeyRow["id"] | null>(null);

  const all = keys.list?.rows;
  const found = useMemo(
    () => (all === undefined ? [] : sortRows(searchRows(ofTeam(all, team), view.search), view.order)),
    [all, team, view],
  );
  // Nothing moves under an open sheet or menu; only a list that arrives for the first time does so there too.
  const now: Picture = { list: keys.list, rows: found, error: keys.error };
  const isHeld = (sheet !== null || menuOf !== null) && (keys.list?.fetchedAt ?? null) !== null;
  if (isHeld && held === null) setHeld(now);
  if (!isHeld && held !== null) setHeld(null);
  const { list, rows, error } = (isHeld ? held : null) ?? now;

  useAction("list.refresh", refresh);
  useAction("list.search", () => {
    search.current?.focus();
    search.current?.select();
  });
  const creation = useActionState("keys.create");

  const tokens = useMemo(() => tokensByKey(custody.tokens, account.id), [custody.tokens, account.id]);
  const act = useCallback(
    (action: RowAction, row: KeyRow) => {
      switch (action) {
        case "token": {
          const token = tokens.get(row.id);
          if (token !== undefined) open({ kind: "reveal", token: token.id });
          return;
        }
        case "duplicate":
          open({ kind: "create", like: row });
          return;
        case "rotate":
        case "delete":
          open({ kind: action, account: account.id, key: row.id });
      }
    },
    [account.id, open, tokens],
  );

  const focusRow = useCallback(
    (id: KeyRow["id"] | null) => {
      if (id === null || rows.some((row) => row.id === id)) {
        awaited.current = null;
        table.current?.focusRow(id);
        return;
      }
      awaited.current = id;
      create.current?.focus();
    },
    [rows],
  );
  useImperativeHandle(
    ref,
    () => ({
      focusRow,
      leave: (id) => {
        const place = rows.findIndex((row) => row.id === id);
        setLeaving(id);
        return (rows[place + 1] ?? rows[place - 1])?.id ?? null;
      },
    }),
    [focusRow, rows],
  );
  useEffect(() => {
    const id = awaited.current;
    if (id === null || sheet !== null || !rows.some((row) => row.id === id)) return;
    awaited.current = null;
    // Whoever has gone on in the meantime is left alone.
    const { activeElement } = document;
    if (activeElement === create.current || activeElement === document.body) table.current?.focusRow(id);
  }, [rows, sheet]);

  useEffect(() => {
    if (leaving === null) return;
    const timer = setTimeout(() => {
      cache.remove(account.id, leaving);
      setLeaving(null);
    }, FADE);
    return () => clearTimeout(timer);
  }, [leaving, cache, account.id]);

  const isNarrowed = view.search.trim() !== "" || team !== null;
  const total = list?.rows.length ?? 0;
  const hasRows = list !== undefined && (total > 0 || list.fetchedAt !== null);
  const isEmpty = hasRows && total === 0;
  const createButton = (
    <TooltipTrigger delay={450} isDisabled={creation.keys.length === 0}>
      <Button
        ref={create}
        look="primary"
        aria-keyshortcuts={ariaKeys(creation.keys)}
        onPress={() => open({ kind: "create" })}
      >
        <Plus size="0.9375rem" aria-hidden="true" />
        <span className={styles.createTitle}>{creation.title}</span>
      </Button>
      <Tooltip className={tips.tip ?? ""} placement="bottom" offset={6}>
        {sayKeys(creation.keys[0])}
      </Tooltip>
    </TooltipTrigger>
  );

  return (
    <div className={styles.tab}>
      {!isEmpty && (
        <div className={styles.bar}>
          {hasRows && (
            <SearchField
              ref={search}
              value={view.search}
              onChange={(text) => onView({ ...view, search: text })}
              onLeave={() => table.current?.focusRow(null)}
            />
          )}
          <span className={styles.create}>{createButton}</span>
        </div>
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
      {isEmpty && <NoKeys account={account} actions={createButton} />}
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
          menuOf={menuOf}
          onMenu={setMenuOf}
          cardOf={subject}
          leaving={leaving}
          tokens={tokens}
          onAct={act}
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
    </div>
  );
}
