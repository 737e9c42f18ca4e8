/**
 * Settings → API Keys: the list with its search, its filters, what is selected, its age and its states, and the ways to
 * what can be done with keys.
 */
import { Plus } from "lucide-react";
import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type ComponentProps,
  type Ref,
} from "react";
import { ariaKeys, sayKeys } from "../../actions/keys";
import { SearchField } from "../../actions/SearchField";
import { actionOf } from "../../actions/table";
import { useAction, useShortcut } from "../../actions/useActions";
import type { AccountView, KeyRow, UiError } from "../../bindings";
import { Button } from "../../components/Button";
import { ListSkeleton } from "../../components/ListState";
import { PanelPart } from "../../components/PanelPart";
import { Tips } from "../../components/Tips";
import { useToast } from "../../components/Toasts";
import type { GridHandle } from "../../components/useGrid";
import { uiErrorOf, useHost } from "../../host/host";
import { isGuided, isInBrowser } from "../../lib/guided";
import { useIsPainted } from "../../lib/painted";
import { part, usePart } from "../../lib/part";
import { formatNumber } from "../../lib/text";
import { useSheets, type ListHandle } from "../../navigation/sheets";
import { useKeychainWait } from "../../state/keychainWait";
import type { KeyList } from "../../state/keyList";
import { useOffline } from "../../state/offline";
import { tokensByKey, useCustody } from "../../state/useCustody";
import { useKeyCache, useKeys } from "../../state/useKeys";
import { useNotes } from "../../state/useNotes";
import { usePreferences } from "../../state/usePreferences";
import { FilterBar } from "./FilterBar";
import { codeOf, filterRows } from "./filters";
import { wordsOf } from "./filterWords";
import styles from "./KeysTab.module.css";
import { KeysTable } from "./KeysTable";
import { noMarks, type Marks, type RowAction } from "./listContext";
import type { ListEmpty } from "./ListEmpty";
import { ListFooter } from "./ListFooter";
import type { ListTrouble } from "./ListTrouble";
import { noKeys, type KeptView, type KeyIds } from "./listView";
import { haystacksOf, ofTeam, searchRows, sortRows, withNotes, type ListRow } from "./order";
import { OwnList } from "./OwnList";
import { useListPreferences } from "./useListPreferences";
import { useSelection } from "./useSelection";

const listEmpty = part(() => import("./ListEmpty").then(({ ListEmpty }) => ListEmpty));
const listTrouble = part(() => import("./ListTrouble").then(({ ListTrouble }) => ListTrouble));
const swapMarks = part(() => import("./SwapMarks").then(({ SwapMarks }) => SwapMarks));

interface KeysTabProps {
  account: AccountView;
  team: string | null;
  /** The view of it that there was before, and is there for the next one. */
  kept: KeptView;
  onAllTeams: () => void;
  onSignIn: () => void;
  ref: Ref<ListHandle>;
}

/** How long a deleted row takes to fade, in milliseconds; as in the style sheet. */
const FADE = 180;

/** As many as one card shows. */
const MOST_AT_ONCE = 500;

function obstacleTo(amount: number): string | null {
  return amount > MOST_AT_ONCE
    ? `Select at most ${formatNumber(MOST_AT_ONCE)} keys to delete them together.`
    : null;
}

/** What is on screen of the list. */
interface Picture {
  list: KeyList | undefined;
  rows: readonly ListRow[];
  error: UiError | null;
}

/** What stands in place of the table. Nearly always there is a table: it is a part of its own. */
function InPlace(props: ComponentProps<typeof ListEmpty>) {
  return <PanelPart part={listEmpty}>{(ListEmpty) => <ListEmpty {...props} />}</PanelPart>;
}

/** What stands above it then. */
function Trouble(props: ComponentProps<typeof ListTrouble>) {
  return <PanelPart part={listTrouble}>{(ListTrouble) => <ListTrouble {...props} />}</PanelPart>;
}

export function KeysTab({ account, team, kept, onAllTeams, onSignIn, ref }: KeysTabProps) {
  // Here, not in the window: a letter of a search draws nothing but the list.
  const [view, setView] = useState(kept.read);
  useEffect(() => kept.keep(view), [kept, view]);
  const keys = useKeys(account);
  const isOwn = isGuided(account);
  const { isRefreshing, refresh } = keys;
  const cache = useKeyCache();
  const custody = useCustody();
  const notes = useNotes(account.id);
  const { notesInList } = usePreferences();
  const { current: sheet, subject, open } = useSheets();
  const table = useRef<GridHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const create = useRef<HTMLButtonElement>(null);
  const [deleting, setDeleting] = useState<KeyIds>(noKeys);
  /** The same before it is drawn: a quick service answers before that. */
  const marked = useRef<KeyIds>(noKeys);
  const markDeleting = useCallback((ids: KeyIds) => {
    marked.current = ids;
    setDeleting(ids);
  }, []);
  const [leaving, setLeaving] = useState<KeyIds>(noKeys);
  const [held, setHeld] = useState<Picture | null>(null);
  const [marks, setMarks] = useState<Marks>(noMarks);
  // With the first rows on screen: loading it before would keep them waiting.
  const marking = usePart(swapMarks, useIsPainted("list"));
  /** Whose menu is open. */
  const [menuOf, setMenuOf] = useState<KeyRow["id"] | null>(null);
  /** A row that gets the focus when it arrives. */
  const awaited = useRef<KeyRow["id"] | null>(null);

  const { order, filters, setOrder, setFilters } = useListPreferences(account);
  const [openedAt] = useState(() => Date.now());
  // Idle for so many days, as of when the list was asked for.
  const today = Math.max(openedAt, Date.parse(keys.list?.fetchedAt ?? "") || 0);
  const { search: text } = view;

  // From what changes least to what changes with each key: ten thousand rows are sorted once, not at each letter.
  const all = keys.list?.rows;
  const noted = useMemo(() => withNotes(all ?? [], notes, today), [all, notes, today]);
  const sorted = useMemo(() => sortRows(noted, order), [noted, order]);
  const inTeam = useMemo(() => ofTeam(sorted, team), [sorted, team]);
  const haystacks = useMemo(() => haystacksOf(inTeam), [inTeam]);
  const searched = useMemo(() => searchRows(inTeam, haystacks, text), [inTeam, haystacks, text]);
  const found = useMemo(() => filterRows(searched, filters, today), [searched, filters, today]);
  // Nothing moves under an open sheet or menu; only a list that arrives for the first time does so there too.
  const now: Picture = { list: keys.list, rows: found, error: keys.error };
  const isHeld = (sheet !== null || menuOf !== null) && (keys.list?.fetchedAt ?? null) !== null;
  if (isHeld && held === null) setHeld(now);
  if (!isHeld && held !== null) setHeld(null);
  const { list, rows, error } = (isHeld ? held : null) ?? now;

  const selection = useSelection({
    all,
    rows,
    ids: view.selection.account === account.id ? view.selection.ids : noKeys,
    onIds: useCallback(
      (ids: KeyIds) => setView((before) => ({ ...before, selection: { account: account.id, ids } })),
      [account.id],
    ),
  });
  const [isAside, setAside] = useState(false);
  const focusList = () => (table.current === null ? search.current?.focus() : table.current.focusCurrent());
  const setSearch = (to: string) => setView((before) => ({ ...before, search: to }));

  const { isWaiting, reason: wait } = useKeychainWait();
  const offline = useOffline(account.id);
  useAction("list.refresh", isOwn ? "The list is your own: there is nothing to ask for." : (wait ?? refresh));
  useAction("list.search", () => {
    search.current?.focus();
    search.current?.select();
  });
  useAction("selection.all", rows.length === 0 ? "There are no keys here to select." : selection.selectAll);
  // With nothing selected, Esc is free for what else it closes.
  useAction("selection.clear", selection.ids.size === 0 ? "Nothing is selected." : selection.clear);
  const creation = useShortcut("keys.create");
  const note = () => open({ kind: "note_key", account: account.id });
  const paste = () => open({ kind: "paste_keys", account: account.id });
  const find = () => open({ kind: "find_keys", account: account.id });
  useAction("keys.note", isOwn ? note : actionOf("keys.note").missing);
  useAction("keys.paste", isOwn ? paste : actionOf("keys.paste").missing);
  useAction("keys.find", isOwn ? find : actionOf("keys.find").missing);

  const host = useHost();
  const toast = useToast();
  const tokens = useMemo(() => tokensByKey(custody.tokens, account.id), [custody.tokens, account.id]);
  const act = useCallback(
    (action: RowAction, subjects: readonly KeyRow[]) => {
      const [row] = subjects;
      if (row === undefined) return;
      const ids = subjects.map(({ id }) => id);
      switch (action) {
        case "copy":
          host.call("copy_labels", { account: account.id, keys: ids }).then(
            ({ message }) => toast({ message }),
            (thrown: unknown) => {
              const { message, hint } = uiErrorOf(thrown);
              toast({ message, detail: hint });
            },
          );
          return;
        case "token": {
          const token = tokens.get(row.id);
          if (token !== undefined) open({ kind: "reveal", token: token.id });
          return;
        }
        case "duplicate":
          open({ kind: "create", like: row });
          return;
        case "delete":
          if (subjects.length > 1) open({ kind: "bulk_delete", account: account.id, keys: ids });
          else open({ kind: "delete", account: account.id, key: row.id });
          return;
        case "editNote":
          open({ kind: "edit_note", account: account.id, key: row.id, row });
          return;
        case "note":
          open({ kind: "note_key", account: account.id, row });
          return;
        case "unlist":
          host.call("unlist_key", { account: account.id, key: row.id }).then(
            (outcome) => {
              if (outcome.kind === "noted") cache.take(outcome.list);
            },
            (thrown: unknown) => {
              const { message, hint } = uiErrorOf(thrown);
              toast({ message, detail: hint });
            },
          );
          return;
        case "swap":
        case "retire":
          open({ kind: "swap", account: account.id, key: row.id, way: action });
          return;
        case "details":
        case "rotate":
          open({ kind: action, account: account.id, key: row.id });
      }
    },
    [account.id, cache, host, open, toast, tokens],
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
  /** Lets rows fade together, and answers which one comes after the first of them. */
  const leave = useCallback(
    (ids: readonly KeyRow["id"][]): KeyRow["id"] | null => {
      const gone = new Set(ids);
      // A row that was marked since the user's yes has had its time to fade.
      if (ids.every((id) => marked.current.has(id))) {
        cache.remove(account.id, ...ids);
        markDeleting(noKeys);
      } else setLeaving((before) => new Set([...before, ...gone]));
      const place = Math.max(
        0,
        rows.findIndex(({ id }) => gone.has(id)),
      );
      const stays = ({ id }: KeyRow) => !gone.has(id);
      return (rows.slice(place).find(stays) ?? rows.findLast(stays))?.id ?? null;
    },
    [rows, cache, account.id, markDeleting],
  );
  useImperativeHandle(
    ref,
    () => ({
      focusRow,
      leave,
      markDeleting: (ids) => markDeleting(new Set(ids)),
      select: (ids) =>
        setView((before) => ({ ...before, selection: { account: account.id, ids: new Set(ids) } })),
    }),
    [focusRow, leave, markDeleting, account.id],
  );
  useEffect(() => {
    const id = awaited.current;
    if (id === null || sheet !== null || !rows.some((row) => row.id === id)) return;
    awaited.current = null;
    // A user who has gone on in the meantime keeps the focus.
    const { activeElement } = document;
    if (activeElement === create.current || activeElement === document.body) table.current?.focusRow(id);
  }, [rows, sheet]);

  useEffect(() => {
    if (leaving.size === 0) return;
    const timer = setTimeout(() => {
      cache.remove(account.id, ...leaving);
      setLeaving(noKeys);
    }, FADE);
    return () => clearTimeout(timer);
  }, [leaving, cache, account.id]);

  const obstacle = (amount: number) =>
    isInBrowser(account, "delete") && amount > 1
      ? "In the browser, keys are deleted one at a time."
      : obstacleTo(amount);
  const isNarrowed = text.trim() !== "" || team !== null || filters.length > 0;
  const total = list?.rows.length ?? 0;
  const hasRows =
    list !== undefined && (total > 0 || isOwn || list.fetchedAt !== null || list.incomplete !== null);
  const isEmpty = hasRows && total === 0 && list.incomplete === null;
  const createButton = (
    <Tips>
      <Button
        ref={create}
        look="primary"
        aria-keyshortcuts={ariaKeys(creation.keys)}
        data-tip={sayKeys(creation.keys[0])}
        isDisabled={(wait ?? offline) !== null}
        onPress={() => open({ kind: "create" })}
      >
        <Plus size="0.9375rem" aria-hidden="true" />
        <span className={styles.createTitle}>{creation.title}</span>
      </Button>
    </Tips>
  );

  // The other ways into the user's own list are in the palette and the menu, once something is in it.
  const ownButtons = (
    <>
      <Button onPress={note}>Add key…</Button>
      {createButton}
    </>
  );

  return (
    <div className={styles.tab}>
      {!isEmpty && (
        <div className={styles.bar}>
          {hasRows && (
            <SearchField
              ref={search}
              value={text}
              onChange={setSearch}
              onLeave={() => table.current?.focusRow(null)}
            />
          )}
          {hasRows && (
            <FilterBar
              rows={searched}
              all={all ?? []}
              teams={team === null ? account.teams : []}
              filters={filters}
              now={today}
              onFilters={setFilters}
              onLeave={focusList}
            />
          )}
          {/* Of the user's own list nobody knows yet whether it is empty: then they stand elsewhere. */}
          {(!isOwn || hasRows) && <span className={styles.create}>{isOwn ? ownButtons : createButton}</span>}
        </div>
      )}
      {error !== null && hasRows && (
        <Trouble
          kind="failed"
          error={error}
          list={list}
          isBusy={isRefreshing}
          onRetry={refresh}
          onSignIn={onSignIn}
        />
      )}
      {error === null && hasRows && list.incomplete !== null && (
        <Trouble
          kind="incomplete"
          why={list.incomplete}
          isBusy={isRefreshing}
          onRefresh={isOwn ? undefined : refresh}
        />
      )}
      {error !== null && !hasRows && !isRefreshing && (
        <InPlace kind="failed" error={error} onRetry={refresh} onSignIn={onSignIn} />
      )}
      {!hasRows && wait !== null && <InPlace kind="waits" words={wait} />}
      {!hasRows && wait === null && (isRefreshing || isWaiting) && <ListSkeleton />}
      {isOwn && !isEmpty && hasRows && <OwnList />}
      {isEmpty &&
        (isOwn ? (
          <InPlace
            kind="none_noted"
            actions={
              <>
                <Button onPress={find}>Find on this machine…</Button>
                <Button onPress={paste}>Paste from the web screen…</Button>
                {ownButtons}
              </>
            }
          />
        ) : (
          <InPlace kind="no_keys" account={account} actions={createButton} />
        ))}
      {hasRows && total > 0 && rows.length === 0 && (
        <InPlace
          kind="nothing_found"
          search={text.trim()}
          filters={filters.map((filter) => ({
            code: codeOf(filter),
            words: wordsOf(filter, account.teams),
          }))}
          team={account.teams.find(({ id }) => id === team)?.name ?? null}
          onClearSearch={() => {
            setSearch("");
            search.current?.focus();
          }}
          onClearFilters={() => {
            setFilters([]);
            search.current?.focus();
          }}
          onAllTeams={onAllTeams}
        />
      )}
      {marking.kind === "ready" && (
        <marking.Component account={account.id} fetchedAt={keys.list?.fetchedAt ?? null} onMarks={setMarks} />
      )}
      {rows.length > 0 && (
        <KeysTable
          rows={rows}
          order={order}
          onOrder={setOrder}
          hasTeams={account.teams.length > 1 && team === null}
          hasNotes={notesInList}
          selection={selection}
          onAside={setAside}
          menuOf={menuOf}
          onMenu={setMenuOf}
          cardOf={subject}
          deleting={deleting}
          leaving={leaving}
          tokens={tokens}
          marks={marks}
          onAct={act}
          obstacleTo={obstacle}
          isOwn={isOwn}
          inBrowser={account.inBrowser}
          offline={offline}
          view={[text, order.column, order.direction, team ?? "", ...filters.map(codeOf)].join(" ")}
          isBusy={isRefreshing}
          ref={table}
        />
      )}
      {hasRows && (
        <ListFooter
          list={list}
          isOwn={isOwn}
          shown={rows.length}
          isNarrowed={isNarrowed}
          isRefreshing={isRefreshing}
          wait={wait}
          offline={offline}
          onRefresh={refresh}
          selection={selection}
          isAside={isAside && rows.length > 0}
          obstacle={obstacle(selection.shown.length)}
          onDelete={() => act("delete", selection.shown)}
          onClear={() => {
            selection.clear();
            focusList();
          }}
        />
      )}
    </div>
  );
}
