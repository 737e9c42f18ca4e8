/**
 * Opens the sheets, one after the other or one over the other, and does what follows when they end: the list is asked
 * anew, a row leaves, the focus goes where people look next. Under an open sheet the list stands still.
 */
import { useCallback, useMemo, useState, type ReactNode, type RefObject } from "react";
import { useAction } from "../actions/useActions";
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
} from "../bindings";
import { useToast } from "../components/Toasts";
import { BulkSheet } from "../features/bulk/BulkSheet";
import { isGone, restOf } from "../features/bulk/results";
import { CreateSheet } from "../features/create/CreateSheet";
import { draftLike, emptyDraft, type Draft } from "../features/create/draft";
import { settledToast, type Settling } from "../features/custody/outcome";
import { RevealSheet } from "../features/custody/RevealSheet";
import { useFirstLook } from "../features/custody/useFirstLook";
import { DeleteSheet } from "../features/delete/DeleteSheet";
import { toastOf } from "../features/delete/outcome";
import type { Settled } from "../features/delete/useDeletion";
import { DetailsSheet } from "../features/details/DetailsSheet";
import { KeyLinks } from "../features/details/KeyLinks";
import { RotateSheet } from "../features/rotate/RotateSheet";
import { tokensByKey, useCustody, useSetCustody, waitingIn } from "../state/useCustody";
import { useKeyLookup } from "../state/useKeyLookup";
import { useKeyCache } from "../state/useKeys";
import { useOutcomes } from "../state/useOutcomes";
import { SheetsContext, type ListHandle, type Sheet, type Sheets } from "./sheets";
import { subjectOf } from "./shown";
import { useLateOutcomes } from "./useLateOutcomes";
import { useSheetStack, type OpenSheet } from "./useSheetStack";

/** The longest name that the documented service takes; a copy's name is cut to it before the form has said its own. */
const LONGEST_NAME = 255;

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
  const cache = useKeyCache();
  const look = useKeyLookup();
  const custody = useCustody();
  const { isAsked } = useOutcomes();
  const { set: setCustody, add: addToken } = useSetCustody();
  /** Keys that were put right over an open form. */
  const [settled, setSettled] = useState<ReadonlySet<KeyRow["id"]>>(new Set());
  /** What was typed in a form that had to be left for signing in. */
  const [unsent, setUnsent] = useState<{ account: AccountId; draft: Draft } | null>(null);
  const activeId = account?.id ?? null;
  const { sheets, isFree, push, replace, replaceAll, close, drop, aim, note } = useSheetStack({
    list,
    activeId,
  });

  const { tokens } = custody;
  const showDetails = useCallback(
    (of: AccountId, row: KeyRow, isRowWanted: boolean) => {
      aim({ account: of, key: row.id, isRowWanted }, true);
      push({ kind: "details", account: of, key: row.id, row });
    },
    [aim, push],
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
          aim({ account: account.id, key: like?.id ?? null }, false);
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
          aim({ account: of, key }, true);
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
          aim({ account: of, key: rows[0]?.id ?? null }, true);
          push({ kind: "bulk_delete", account: of, rows });
          return;
        }
        case "reveal": {
          const token = tokens?.find(({ id }) => id === sheet.token);
          if (token === undefined) return;
          aim({ account: token.account, key: token.key }, false);
          push({ kind: "reveal", token, trouble: null });
          return;
        }
        case "replace_credential": {
          const of = accounts.find(({ id }) => id === sheet.account);
          if (of === undefined) return;
          drop();
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
      aim,
      drop,
      showDetails,
      onShowList,
      onReplaceCredential,
    ],
  );
  const late = useLateOutcomes(open);
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

  const signIn = (id: AccountId) => {
    const of = accounts.find((each) => each.id === id);
    if (of === undefined) return;
    drop();
    onSignIn?.(of);
  };

  const arrived = (token: TokenInCustody, trouble: UiError | null) => {
    addToken(token);
    note({ account: token.account, key: token.key, isRowWanted: true, isSent: true });
    setUnsent(null);
    // A key that had lost its token has one now: the form that is still open below is answered too.
    replaceAll({ kind: "reveal", token, trouble });
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
    drop();
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

  const settleToken = (token: TokenInCustody, how: Settling, now: Custody) => {
    setCustody(now);
    toast(settledToast(token, how));
    close();
  };

  const draw = ({ serial: of, shown, isArriving }: OpenSheet) => {
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
            onLate={(draft, outcome) => {
              late.created(shown.account.id, draft.name, outcome);
              // Nothing was made: what was typed is there when the form is opened again.
              if (!("kind" in outcome) || outcome.kind === "not_created") {
                setUnsent({ account: shown.account.id, draft });
              }
            }}
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
            onLate={(outcome) => late.rotated(shown.account, shown.key, shown.row?.name ?? "", outcome)}
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
