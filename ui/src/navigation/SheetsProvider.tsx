/**
 * Opens the sheets that features have registered, one after the other or one over the other, and gives them what they
 * may do to the window. Under an open sheet the list stands still.
 */
import { useQueryClient } from "@tanstack/react-query";
import {
  Fragment,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
  type RefObject,
} from "react";
import type { AccountId, AccountView, KeyRow, NextStep } from "../bindings";
import { useSetCustody } from "../state/useCustody";
import { useKeyLookup } from "../state/useKeyLookup";
import { useKeyCache } from "../state/useKeys";
import {
  openingOf,
  SheetControlsContext,
  type Opening,
  type SheetControls,
  type SheetRegistry,
} from "./registry";
import { SheetsContext, type Destination, type ListHandle, type SheetRequest, type Sheets } from "./sheets";
import { useSheetStack } from "./useSheetStack";

interface SheetsProviderProps {
  registry: SheetRegistry;
  /** The account in use; none before the first sign-in, where only tokens can be opened. */
  account: AccountView | null;
  accounts: readonly AccountView[];
  /** The team that is shown; none for all. */
  team: string | null;
  list?: RefObject<ListHandle | null> | undefined;
  onShowList?: (() => void) | undefined;
  onReplaceCredential?: ((account: AccountView) => void) | undefined;
  onSignIn?: ((account: AccountView) => void) | undefined;
  children: ReactNode;
}

/** Puts it on screen, now or when it was looked up. */
function present(opening: Opening | null | Promise<Opening | null>, show: (opening: Opening) => void): void {
  if (opening instanceof Promise) void opening.then((found) => found !== null && show(found));
  else if (opening !== null) show(opening);
}

export function SheetsProvider(props: SheetsProviderProps) {
  const { account, accounts, list, children } = props;
  const client = useQueryClient();
  const cache = useKeyCache();
  const look = useKeyLookup();
  const { add: addToken } = useSetCustody();
  const [gone, setGone] = useState<ReadonlySet<KeyRow["id"]>>(new Set());
  const activeId = account?.id ?? null;
  const { sheets, push, replace, replaceAll, close, drop, aim, note } = useSheetStack({ list, activeId });
  const isFree = sheets.length === 0;
  // What is opened late, from a toast for instance, goes by what is known then.
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });

  const prepare = useCallback(
    (request: SheetRequest) => {
      const { registry, account: inUse, team, onShowList } = latest.current;
      const showList = () => onShowList?.();
      return openingOf(registry, request, { account: inUse, team, client, cache, look, showList });
    },
    [client, cache, look],
  );
  const open = useCallback(
    (destination: Destination) => {
      const of =
        "account" in destination
          ? latest.current.accounts.find(({ id }) => id === destination.account)
          : undefined;
      if ("account" in destination && of === undefined) return;
      if (destination.kind === "replace_credential") {
        drop();
        if (of !== undefined) latest.current.onReplaceCredential?.(of);
        return;
      }
      const { kind } = destination;
      present(prepare(destination), (opening) => {
        const { isKept, ...target } = opening.focus;
        aim(target, isKept);
        push(kind, opening);
      });
    },
    [prepare, push, aim, drop],
  );
  const openNext = useCallback(
    (step: NextStep) => {
      if (step.kind === "replace_credential") open(step);
      else {
        const kind = step.kind === "delete_key" ? "delete" : step.kind;
        open({ kind, account: step.account, key: step.key });
      }
    },
    [open],
  );

  const controls: SheetControls = {
    account,
    accounts,
    gone,
    close,
    drop,
    replace: (request) => present(prepare(request), (opening) => replace(request.kind, opening)),
    sent: (of) => note({ account: of, isSent: true }),
    showToken: (token, trouble, sofar) => {
      addToken(token);
      note({ account: token.account, key: token.key, isRowWanted: true, isSent: true });
      // A key that had lost its token has one now: the form that is still open below is answered too.
      const request = { kind: "reveal", token: token.id, trouble, ...sofar } as const;
      present(prepare(request), (opening) => replaceAll("reveal", opening));
    },
    markDeleting: (of, key) => {
      if (of === latest.current.account?.id) list?.current?.markDeleting(key === null ? [] : [key]);
    },
    leave: (of, left, selected) => {
      setGone((now) => new Set([...now, ...left]));
      close();
      const rows = list?.current ?? null;
      if (sheets.length > 1 || rows === null || of !== activeId) {
        cache.remove(of, ...left);
        return;
      }
      const next = rows.leave(left);
      if (selected !== undefined) rows.select(selected);
      note({ account: of, key: selected?.[0] ?? next });
    },
    signIn: (id: AccountId, selected) => {
      if (selected !== undefined) list?.current?.select(selected);
      const of = accounts.find((each) => each.id === id);
      if (of === undefined) return;
      drop();
      props.onSignIn?.(of);
    },
  };

  const top = sheets.at(-1);
  const current = top?.kind ?? null;
  const about = top?.opening.subject ?? null;
  const subject = about !== null && about.account === activeId ? about.key : null;
  const value = useMemo<Sheets>(
    () => ({ current, subject, open, openNext, canOpenNext: true }),
    [current, subject, open, openNext],
  );
  // The next sheet over a free window begins anew.
  if (isFree && gone.size > 0) setGone(new Set());

  return (
    <SheetsContext value={value}>
      {children}
      <SheetControlsContext value={controls}>
        {sheets.map(({ serial, opening, isArriving }) => (
          <Fragment key={serial}>{opening.draw(isArriving)}</Fragment>
        ))}
      </SheetControlsContext>
    </SheetsContext>
  );
}
