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
  BulkResult,
  Custody,
  KeyRow,
  NextStep,
  TokenInCustody,
  UiError,
} from "../../bindings";
import { useToast } from "../../components/Toasts";
import { BulkSheet } from "../bulk/BulkSheet";
import { CreateSheet } from "../create/CreateSheet";
import { draftLike, emptyDraft, type Draft } from "../create/draft";
import { isGone, restOf } from "../bulk/results";
import { settledToast } from "../custody/outcome";
import { RevealSheet } from "../custody/RevealSheet";
import { tokensByKey, useCustody, useSetCustody, waitingIn } from "../custody/useCustody";
import { useFirstLook } from "../custody/useFirstLook";
import { DeleteSheet } from "../delete/DeleteSheet";
import { toastOf } from "../delete/outcome";
import type { Settled } from "../delete/useDeletion";
import { DetailsSheet } from "../details/DetailsSheet";
import { KeyLinks } from "../details/KeyLinks";
import { useKeyLookup } from "../details/useKeyLookup";
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
  | { kind: "details"; account: AccountId; key: KeyRow["id"]; row: KeyRow }
  | { kind: "bulk_delete"; account: AccountId; rows: readonly KeyRow[] }
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
  const look = useKeyLookup();
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
  const showDetails = useCallback(
    (of: AccountId, row: KeyRow, isRowWanted: boolean) => {
      afterwards.current ??= { account: of, key: row.id, isRowWanted, isSent: false };
      push({ kind: "details", account: of, key: row.id, row });
    },
    [push],
  );
  const followLink = useCallback(
    (of: AccountId, row: KeyRow) => {
      const isInUse = of === activeId;
      if (isInUse) {
        // It would come back to a tab that is not the one on screen any more.
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        onShowList?.();
      }
      showDetails(of, row, isInUse);
    },
    [activeId, onShowList, showDetails],
  );
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
        case "details": {
          const { account: of, key } = sheet;
          if (!accounts.some(({ id }) => id === of)) return;
          const row = cache.row(of, key);
          if (row !== null) showDetails(of, row, false);
          else void look(of, key).then((found) => found !== null && showDetails(of, found, false));
          return;
        }
        case "bulk_delete": {
          const { account: of, keys } = sheet;
          const rows = keys.map((key) => cache.row(of, key)).filter((row) => row !== null);
          if (rows.length === 0 || !accounts.some(({ id }) => id === of)) return;
          afterwards.current ??= { account: of, key: rows[0]?.id ?? null, isRowWanted: false, isSent: false };
          push({ kind: "bulk_delete", account: of, rows });
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
    [
      account,
      accounts,
      team,
      unsent,
      cache,
      look,
      tokens,
      push,
      showDetails,
      onShowList,
      onReplaceCredential,
    ],
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

  /** Some keys are gone, with their rows; what is left of the others' deletion is theirs to try again. */
  const settleBulk = (of: AccountId, results: readonly BulkResult[]) => {
    close();
    if (results.length === 0) return;
    const gone = results.filter(isGone).map(({ key }) => key);
    const rows = list?.current ?? null;
    if (rows === null || of !== activeId) {
      cache.remove(of, ...gone);
      return;
    }
    const next = rows.leaveAll(gone);
    const left = restOf(results);
    rows.select(left);
    note({ account: of, key: left[0] ?? next });
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
      case "details": {
        const held = tokensByKey(tokens, shown.account).get(shown.key) ?? null;
        return (
          <DetailsSheet
            key={of}
            row={shown.row}
            account={shown.account}
            otherAccount={accounts.find(({ id }) => id === shown.account && id !== activeId)?.label ?? null}
            token={held}
            isArriving={isArriving}
            onClose={close}
            onToken={() => {
              if (held !== null) replace({ kind: "reveal", token: held, trouble: null });
            }}
            onRotate={() => replace({ ...shown, kind: "rotate" })}
            onDuplicate={() => {
              close();
              open({ kind: "create", like: shown.row });
            }}
            onDelete={() => replace({ ...shown, kind: "delete" })}
          />
        );
      }
      case "bulk_delete":
        return (
          <BulkSheet
            key={of}
            account={shown.account}
            rows={shown.rows}
            isArriving={isArriving}
            onClose={(results) => settleBulk(shown.account, results)}
            onSent={() => note({ account: shown.account, isSent: true })}
            onSignIn={(results) => {
              list?.current?.select(restOf(results));
              // Nothing fades: another tab comes.
              cache.remove(shown.account, ...results.filter(isGone).map(({ key }) => key));
              signIn(shown.account);
            }}
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
  const subject = subjectOf(top, activeId);
  const value = useMemo<Sheets>(
    () => ({ current, subject, open, openNext }),
    [current, subject, open, openNext],
  );

  return (
    <SheetsContext value={value}>
      {children}
      {account !== null && (
        <KeyLinks
          account={account}
          accounts={accounts}
          isFree={isFree && (tokens !== undefined || custody.error !== null)}
          onFound={followLink}
        />
      )}
      {sheets.map(draw)}
    </SheetsContext>
  );
}

/** A row of the list on screen: another account may have the same number for something else. */
function subjectOf(shown: Shown | null, account: AccountId | null): KeyRow["id"] | null {
  switch (shown?.kind) {
    case "rotate":
    case "delete":
    case "details":
      return shown.account === account ? shown.key : null;
    case "reveal":
      return shown.token.account === account ? shown.token.key : null;
    case "create":
    case "bulk_delete":
    case undefined:
      return null;
  }
}
