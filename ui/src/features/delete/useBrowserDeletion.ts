/** A deletion in the browser as the sheet goes through it: the way there, the checks, and how it ends. Draws nothing. */
import { useEffect, useRef, useState } from "react";
import type {
  AccountId,
  DeleteCard,
  GuidedCheck,
  KeyRow,
  Revocation,
  TokenSource,
  UiError,
} from "../../bindings";
import { useToast } from "../../components/Toasts";
import { uiErrorOf, useHost } from "../../host/host";
import { useSheetControls } from "../../navigation/registry";
import { useSetAppState } from "../../state/useAppState";
import { useKeyCache } from "../../state/useKeys";
import { useRevocations } from "../../state/useRevocations";

type Work = "open" | "check" | "confirm";

export interface BrowserDeletion {
  /** What the last try of its token found; none before the first. */
  found: Revocation | null;
  /** What is on its way. */
  work: Work | null;
  /** That the service still has the key, where it could be asked. */
  there: string | null;
  /** What went wrong with a command. */
  failure: UiError | null;
  /** Why what was pasted was not tried. */
  refusal: UiError | null;
  openBrowser: () => void;
  /** `token`: what was pasted; none for one that the app knows. */
  check: (token: string | null) => void;
  /** Only the user says that it is gone. */
  confirm: () => void;
}

interface BrowserDeletionOptions {
  account: AccountId;
  key: KeyRow["id"];
  source: TokenSource | null;
  /** The key is not what the card showed: back to it. */
  onCard: (card: DeleteCard, message: string) => void;
}

export function useBrowserDeletion(options: BrowserDeletionOptions): BrowserDeletion {
  const { account, key, onCard } = options;
  const host = useHost();
  const toast = useToast();
  const { leave, drop } = useSheetControls();
  const cache = useKeyCache();
  const setState = useSetAppState();
  const { open, confirmed } = useRevocations();
  const isSending = useRef(false);
  const [work, setWork] = useState<Work | null>(null);
  const [there, setThere] = useState<string | null>(null);
  const [failure, setFailure] = useState<UiError | null>(null);
  const [refusal, setRefusal] = useState<UiError | null>(null);

  // Those of before are of another key that had this id.
  const [known] = useState(confirmed.length);
  const proof = confirmed.slice(known).find((each) => each.account === account && each.key === key) ?? null;
  const end = useRef({ leave, drop });
  useEffect(() => {
    end.current = { leave, drop };
  });
  useEffect(() => {
    if (proof === null) return;
    // The words of it come with the watch.
    if (proof.signedOut === null) end.current.leave(account, [key]);
    else end.current.drop();
  }, [proof, account, key]);

  const does = async (what: Work, run: () => Promise<void>) => {
    if (isSending.current) return;
    isSending.current = true;
    setWork(what);
    setThere(null);
    setFailure(null);
    setRefusal(null);
    try {
      await run();
    } catch (thrown) {
      setFailure(uiErrorOf(thrown));
    } finally {
      isSending.current = false;
      setWork(null);
    }
  };
  const checked = (outcome: GuidedCheck) => {
    switch (outcome.kind) {
      case "tried":
        break;
      case "gone":
        toast({ message: outcome.message, tone: "success" });
        if (outcome.signed_out === null) {
          leave(account, [key]);
          break;
        }
        drop();
        cache.remove(account, key);
        setState(outcome.signed_out);
        break;
      case "still_there":
        setThere(outcome.message);
        break;
      case "no_token":
        setRefusal({ code: "other", message: "Paste the token of this key first.", hint: "" });
        break;
      case "refused":
        setRefusal({ code: "other", message: outcome.message, hint: "" });
        break;
      case "card_changed":
        onCard(outcome.card, outcome.message);
        break;
    }
  };
  return {
    found: open.find((each) => each.account === account && each.key === key) ?? null,
    work,
    there,
    failure,
    refusal,
    openBrowser: () =>
      void does("open", async () => {
        await host.call("open_dashboard", { account });
      }),
    check: (token) =>
      void does("check", async () =>
        checked(await host.call("check_guided_deletion", { account, key, token })),
      ),
    confirm: () =>
      void does("confirm", async () => {
        const outcome = await host.call("confirm_guided_deletion", { account, key });
        switch (outcome.kind) {
          case "noted":
            toast({ message: outcome.message, tone: "plain" });
            leave(account, [key]);
            break;
          case "cancelled":
            break;
          case "check_first":
            setFailure({ code: "other", message: outcome.message, hint: "" });
            break;
          case "card_changed":
            onCard(outcome.card, outcome.message);
            break;
        }
      }),
  };
}
