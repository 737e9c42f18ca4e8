/**
 * The sheets that are open, one over the other, and what follows when none is left: the list is asked anew, the focus
 * goes where people look next. Left out: what a sheet is about, and what its end means.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import type { AccountId, KeyRow } from "../bindings";
import { journalKey } from "../state/queryKeys";
import { useKeyCache } from "../state/useKeys";
import { askAgain } from "../state/useOutcomes";
import type { Opening } from "./registry";
import type { ListHandle, SheetKind } from "./sheets";

interface StackedSheet {
  serial: number;
  kind: SheetKind;
  opening: Opening;
  /** False where it takes the place of another one. */
  isArriving: boolean;
}

/** What is to be done when no sheet is open any more. */
interface Afterwards {
  account: AccountId;
  key: KeyRow["id"] | null;
  /** The focus goes to the key's row, wherever it was before. */
  isRowWanted: boolean;
  /** Something was sent to the service: what is listed may be out of date. */
  isSent: boolean;
}

type Target = Pick<Afterwards, "account" | "key"> & { isRowWanted?: boolean };

interface SheetStackOptions {
  list: RefObject<ListHandle | null> | undefined;
  /** The account whose list is on screen. */
  activeId: AccountId | null;
}

export function useSheetStack({ list, activeId }: SheetStackOptions) {
  const client = useQueryClient();
  const cache = useKeyCache();
  const [sheets, setSheets] = useState<readonly StackedSheet[]>([]);
  const serial = useRef(0);
  const afterwards = useRef<Afterwards | null>(null);
  const isFree = sheets.length === 0;

  const entry = useCallback((kind: SheetKind, opening: Opening, isArriving: boolean): StackedSheet => {
    serial.current += 1;
    return { serial: serial.current, kind, opening, isArriving };
  }, []);
  /** Over what is open. */
  const push = useCallback(
    (kind: SheetKind, opening: Opening) => {
      const next = entry(kind, opening, true);
      setSheets((now) => [...now, next]);
    },
    [entry],
  );
  /** In place of the one on top. */
  const replace = (kind: SheetKind, opening: Opening) => {
    const next = entry(kind, opening, false);
    setSheets((now) => [...now.slice(0, -1), next]);
  };
  /** In place of all of them. */
  const replaceAll = (kind: SheetKind, opening: Opening) => setSheets([entry(kind, opening, false)]);
  /** The one on top. */
  const close = () => setSheets((now) => now.slice(0, -1));
  /** All of them, and nothing follows: something else comes on screen. */
  const drop = useCallback(() => {
    afterwards.current = null;
    setSheets([]);
  }, []);

  /** Says where the focus goes afterwards. `isKept`: unless that was said already. */
  const aim = useCallback((target: Target, isKept: boolean) => {
    if (isKept && afterwards.current !== null) return;
    afterwards.current = { isRowWanted: false, isSent: false, ...target };
  }, []);
  /** Adds to what is to be done afterwards. */
  const note = (what: Partial<Afterwards> & { account: AccountId }) => {
    const before = afterwards.current;
    afterwards.current = {
      key: before?.key ?? null,
      isRowWanted: before?.isRowWanted ?? false,
      isSent: before?.isSent ?? false,
      ...what,
    };
  };

  useEffect(() => {
    const left = afterwards.current;
    if (!isFree || left === null) return;
    afterwards.current = null;
    if (left.isSent) {
      cache.refresh(left.account);
      askAgain(client);
    }
    // Most of what sheets do is written down.
    void client.invalidateQueries({ queryKey: journalKey });
    // The sheet has given the focus back to what had it before, by now; that may be gone, or not what counts any more.
    const frame = requestAnimationFrame(() => {
      const now = document.activeElement;
      const isHere = now !== null && now !== document.body && now.closest("[role=grid]") === null;
      if (isHere && !left.isRowWanted) return;
      const rows = list?.current ?? null;
      if (rows !== null && left.account === activeId) rows.focusRow(left.key);
      else if (!isHere) document.querySelector<HTMLElement>("[role=tab][aria-selected=true]")?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [isFree, cache, client, list, activeId]);

  return { sheets, push, replace, replaceAll, close, drop, aim, note };
}
