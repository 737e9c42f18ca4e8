/**
 * Opens the sheets, one after the other or one over the other, and does what follows when they end: the list is asked
 * anew, a row leaves, the focus goes where people look next. Under an open sheet the list stands still.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from "react";
import { useAction } from "../../actions/useActions";
import type {
  AccountId,
  AccountView,
  AppState,
  Custody,
  KeyRow,
  NextStep,
  TokenInCustody,
  UiError,
} from "../../bindings";
import { useToast } from "../../components/Toasts";
import { CreateSheet } from "../create/CreateSheet";
import { draftLike, emptyDraft, type Draft } from "../create/draft";
import { settledToast } from "../custody/outcome";
import { RevealSheet } from "../custody/RevealSheet";
import { useCustody, useSetCustody, waitingIn } from "../custody/useCustody";
import { useFirstLook } from "../custody/useFirstLook";
import { DeleteSheet } from "../delete/DeleteSheet";
import { toastOf } from "../delete/outcome";
import type { Settled } from "../delete/useDeletion";
import { journalKey } from "../journal/useJournal";
import { useKeyCache } from "../keys/useKeys";
import { askAgain, useOutcomes } from "../notices/useOutcomes";
import { RotateSheet } from "../rotate/RotateSheet";
import { SheetsContext, type ListHandle, type Sheet, type Sheets } from "./sheets";

/** The longest name that the documented service takes; a copy's name is cut to it before the form has said its own. */
const LONGEST_NAME = 255;

type Shown =
  | {
      kind: "create";
      account: AccountView;
      team: string | null;
      first: Draft;
      isResumed: boolean;
      /** What keys are called already. */
      names: readonly string[];
    }
  | { kind: "rotate"; account: AccountId; key: KeyRow["id"]; row: KeyRow | null }
  | { kind: "delete"; account: AccountId; key: KeyRow["id"]; row: KeyRow | null }
  | { kind: "reveal"; token: TokenInCustody; trouble: UiError | null };

interface Open {
  serial: number;
  shown: Shown;
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

interface SheetsProviderProps {
  /** The account in use; none before the first sign-in, where only tokens can be opened. */
  account: AccountView | null;
  accounts: readonly AccountView[];
  /** The team that is shown; none for all. */
  team: string | null;
  list?: RefObject<ListHandle | null>;
  onShowList?: () => void;
  onReplaceCredential?: (account: AccountView) => void;
  onSignIn?: (account: AccountView) => void;
  onState: (state: AppState) => void;
  children: ReactNode;
}

export function SheetsProvider(props: SheetsProviderProps) {
  const { account, accounts, team, list, onShowList, onReplaceCredential, onSignIn, onState, children } =
    props;
  const toast = useToast();
  const client = useQueryClient();
  const cache = useKeyCache();
  const custody = useCustody();
  const { isAsked } = useOutcomes();
  const { set: setCustody, add: addToken } = useSetCustody();
  const [sheets, setSheets] = useState<readonly Open[]>([]);
  /** Keys that were put right over an open form. */
  const [settled, setSettled] = useState<ReadonlySet<KeyRow["id"]>>(new Set());
  /** What was typed in a form that had to be left for signing in. */
  const [unsent, setUnsent] = useState<{ account: AccountId; draft: Draft } | null>(null);
  const serial = useRef(0);
  const afterwards = useRef<Afterwards | null>(null);
  const activeId = account?.id ?? null;
  const isFree = sheets.length === 0;

  const entry = useCallback((shown: Shown, isArriving: boolean): Open => {
    serial.current += 1;
    return { serial: serial.current, shown, isArriving };
  }, []);
  /** Over what is open. */
  const push = useCallback(
    (shown: Shown) => {
      const next = entry(shown, true);
      setSheets((now) => [...now, next]);
    },
    [entry],
  );
  /** In place of the one on top. */
  const replace = (shown: Shown) => {
    const next = entry(shown, false);
    setSheets((now) => [...now.slice(0, -1), next]);
  };

  const note = (what: Partial<Afterwards> & { account: AccountId }) => {
    const before = afterwards.current;
    afterwards.current = {
      key: before?.key ?? null,
      isRowWanted: before?.isRowWanted ?? false,
      isSent: before?.isSent ?? false,
      ...what,
    };
  };

  const { tokens } = custody;
  const open = useCallback(
    (sheet: Sheet) => {
      switch (sheet.kind) {
        case "create": {
          if (account === null) return;
          const { like } = sheet;
          const resumed = like === undefined && unsent?.account === account.id ? unsent.draft : null;
          const names = cache.rows(account.id).map(({ name }) => name);
          const likeTeam = account.teams.find(({ id }) => id === like?.team?.id)?.id;
          afterwards.current = {
            account: account.id,
            key: like?.id ?? null,
            isRowWanted: false,
            isSent: false,
          };
          onShowList?.();
          setSettled(new Set());
          setUnsent(null);
          push({
            kind: "create",
            account,
            team: likeTeam ?? team,
            first: like === undefined ? (resumed ?? emptyDraft) : draftLike(like, names, LONGEST_NAME),
            isResumed: resumed !== null,
            names,
          });
          return;
        }
        case "rotate":
        case "delete": {
          const { kind, account: of, key } = sheet;
          if (!accounts.some(({ id }) => id === of)) return;
          afterwards.current ??= { account: of, key, isRowWanted: false, isSent: false };
          push({ kind, account: of, key, row: cache.row(of, key) });
          return;
        }
        case "reveal": {
          const token = tokens?.find(({ id }) => id === sheet.token);
          if (token === undefined) return;
          afterwards.current = { account: token.account, key: token.key, isRowWanted: false, isSent: false };
          push({ kind: "reveal", token, trouble: null });
          return;
        }
        case "replace_credential": {
          const of = accounts.find(({ id }) => id === sheet.account);
          if (of === undefined) return;
          afterwards.current = null;
          setSheets([]);
          onReplaceCredential?.(of);
        }
      }
    },
    [account, accounts, team, unsent, cache, tokens, push, onShowList, onReplaceCredential],
  );
  const openNext = useCallback(
    (step: NextStep) =>
      open(
        step.kind === "replace_credential"
          ? step
          : {
              kind: step.kind === "rotate" ? "rotate" : "delete",
              account: step.account,
              key: step.key,
            },
      ),
    [open],
  );

  useAction(
    "keys.create",
    account === null ? "Sign in to an account first." : () => open({ kind: "create" }),
  );
  useFirstLook(waitingIn(tokens)[0]?.id ?? null, tokens !== undefined && isAsked, open);

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

  const close = () => setSheets((now) => now.slice(0, -1));

  const signIn = (id: AccountId) => {
    const of = accounts.find((each) => each.id === id);
    if (of === undefined) return;
    afterwards.current = null;
    setSheets([]);
    onSignIn?.(of);
  };

  const arrived = (token: TokenInCustody, trouble: UiError | null) => {
    addToken(token);
    note({ account: token.account, key: token.key, isRowWanted: true, isSent: true });
    setUnsent(null);
    // A key that had lost its token has one now: the form that is still open below is answered too.
    setSheets([entry({ kind: "reveal", token, trouble }, false)]);
  };

  /** A key is gone: its row leaves, unless another sheet is still open over the list. */
  const leave = (of: AccountId, key: KeyRow["id"]) => {
    setSettled((now) => new Set([...now, key]));
    close();
    const rows = list?.current ?? null;
    if (sheets.length > 1 || rows === null || of !== activeId) {
      cache.remove(of, key);
      return;
    }
    note({ account: of, key: rows.leave(key) });
  };

  const settleDeletion = (of: AccountId, key: KeyRow["id"], outcome: Settled) => {
    toast(toastOf(outcome));
    if (outcome.signedOut === null) {
      leave(of, key);
      return;
    }
    afterwards.current = null;
    setSheets([]);
    cache.remove(of, key);
    onState(outcome.signedOut);
  };

  const settleToken = (token: TokenInCustody, how: "stored" | "keep", now: Custody) => {
    setCustody(now);
    toast(settledToast(token, how));
    close();
  };

  const draw = ({ serial: of, shown, isArriving }: Open) => {
    switch (shown.kind) {
      case "create":
        return (
          <CreateSheet
            key={of}
            account={shown.account}
            team={shown.team}
            first={shown.first}
            isResumed={shown.isResumed}
            names={shown.names}
            settled={settled}
            onClose={close}
            onSent={() => note({ account: shown.account.id, isSent: true })}
            onCreated={(token) => arrived(token, null)}
            onNext={openNext}
            onSignIn={(draft) => {
              setUnsent({ account: shown.account.id, draft });
              signIn(shown.account.id);
            }}
          />
        );
      case "rotate":
        return (
          <RotateSheet
            key={of}
            account={shown.account}
            id={shown.key}
            row={shown.row}
            isArriving={isArriving}
            onClose={close}
            onSent={() => note({ account: shown.account, isSent: true })}
            onRotated={(token, trouble) => {
              if (shown.row !== null) {
                const { lastEight, arrivedAt: rotatedAt } = token;
                cache.update(shown.account, { ...shown.row, lastEight, rotatedAt });
              }
              arrived(token, trouble);
            }}
            onGone={(message) => {
              toast({ message });
              leave(shown.account, shown.key);
            }}
            onNext={(step) => {
              if (step.kind === "rotate") replace({ ...shown, key: step.key });
              else openNext(step);
            }}
            onSignIn={() => signIn(shown.account)}
          />
        );
      case "delete":
        return (
          <DeleteSheet
            key={of}
            account={shown.account}
            id={shown.key}
            row={shown.row}
            isArriving={isArriving}
            onClose={close}
            onSettled={(outcome) => settleDeletion(shown.account, shown.key, outcome)}
            onRotate={() => replace({ ...shown, kind: "rotate" })}
            onSignIn={() => signIn(shown.account)}
          />
        );
      case "reveal":
        return (
          <RevealSheet
            key={of}
            token={tokens?.find(({ id }) => id === shown.token.id) ?? shown.token}
            trouble={shown.trouble}
            isArriving={isArriving}
            onClose={close}
            onSettled={(how, now) => settleToken(shown.token, how, now)}
          />
        );
    }
  };

  const top = sheets.at(-1)?.shown ?? null;
  const current = top?.kind ?? null;
  const subject = subjectOf(top);
  const value = useMemo<Sheets>(
    () => ({ current, subject, open, openNext }),
    [current, subject, open, openNext],
  );

  return (
    <SheetsContext value={value}>
      {children}
      {sheets.map(draw)}
    </SheetsContext>
  );
}

function subjectOf(shown: Shown | null): KeyRow["id"] | null {
  switch (shown?.kind) {
    case "rotate":
    case "delete":
      return shown.key;
    case "reveal":
      return shown.token.key;
    case "create":
    case undefined:
      return null;
  }
}
