/**
 * What the deletion of several keys goes through: asked of the service, answered, deleted one after the other, ended;
 * and again with what is left. Draws nothing, and knows no words but those it was given.
 */
import { useCallback, useRef, useState } from "react";
import type { AccountId, BulkProgress, BulkResult, KeyRow, UiError } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";
import { useBulkCard, type BulkChoice } from "./useBulkCard";

type KeyId = KeyRow["id"];

/** What is sent, from the press of the button on. */
export interface BulkRun {
  /** The ticked ones, in their order. */
  rows: readonly KeyRow[];
  /** False while the native dialog is open. */
  isAnswered: boolean;
  done: number;
  /** Deleted now, or last: between two keys there is a moment without one. */
  current: KeyId | null;
  waitingUntil: string | null;
  results: ReadonlyMap<KeyId, BulkResult>;
  /** The user has called off the rest. */
  isStopping: boolean;
}

export interface BulkEnd {
  results: readonly BulkResult[];
  isCancelled: boolean;
  message: string;
}

export interface BulkDeletion extends Omit<BulkChoice, "replace"> {
  /** Which ones the card was asked about. */
  asked: readonly KeyId[];
  /** What changed since the card was opened. */
  changed: string | null;
  /** Why nothing was sent, or why it could not be stopped. */
  failure: UiError | null;
  run: BulkRun | null;
  end: BulkEnd | null;
  /** Of all rounds: the last word about each key. */
  settled: ReadonlyMap<KeyId, BulkResult>;
  remove: (typed: string | null) => void;
  stop: () => void;
  /** A fresh card with what is left. */
  again: (ids: readonly KeyId[]) => void;
}

interface BulkDeletionOptions {
  account: AccountId;
  keys: readonly KeyId[];
  /** Something may have been sent. */
  onSent: () => void;
}

function byKey(results: readonly BulkResult[]): [KeyId, BulkResult][] {
  return results.map((result) => [result.key, result]);
}

/** A run that ended without its own account of it: what was told stands, of the rest nothing is known. */
function endOf({ rows, results }: BulkRun, error: UiError): BulkEnd {
  return {
    results: rows.map(
      ({ id, name, lastEight }) =>
        results.get(id) ?? {
          key: id,
          name,
          lastEight,
          kind: "unknown",
          message: error.message,
          at: null,
          verification: null,
          error,
        },
    ),
    isCancelled: false,
    message: error.message,
  };
}

export function useBulkDeletion({ account, keys, onSent }: BulkDeletionOptions): BulkDeletion {
  const host = useHost();
  const [asked, setAsked] = useState(keys);
  const [changed, setChanged] = useState<string | null>(null);
  const [failure, setFailure] = useState<UiError | null>(null);
  const [run, setRun] = useState<BulkRun | null>(null);
  const [end, setEnd] = useState<BulkEnd | null>(null);
  const [settled, setSettled] = useState<ReadonlyMap<KeyId, BulkResult>>(new Map());
  const isSending = useRef(false);

  const choice = useBulkCard({ account, asked, isChoosing: run === null && end === null });
  const { card, ticked, ask: askForCard, replace, ...rest } = choice;

  const ask = useCallback(() => {
    askForCard();
    setChanged(null);
    setFailure(null);
  }, [askForCard]);

  const again = (ids: readonly KeyId[]) => {
    setRun(null);
    setEnd(null);
    setAsked(ids);
    ask();
  };

  const remove = async (typed: string | null) => {
    if (isSending.current || card === null) return;
    isSending.current = true;
    setChanged(null);
    setFailure(null);
    let now: BulkRun = {
      rows: card.rows.map(({ key }) => key).filter(({ id }) => ticked.has(id)),
      isAnswered: false,
      done: 0,
      current: null,
      waitingUntil: null,
      results: new Map(),
      isStopping: false,
    };
    setRun(now);
    const finish = (ended: BulkEnd) => {
      setEnd(ended);
      setSettled((before) => new Map([...before, ...byKey(ended.results)]));
    };
    const follow = ({ done, current, waitingUntil, results }: BulkProgress) => {
      if (!now.isAnswered) onSent();
      now = {
        ...now,
        isAnswered: true,
        done,
        waitingUntil,
        current: current ?? now.current,
        results: new Map([...now.results, ...byKey(results)]),
      };
      const shown = now;
      setRun((before) => (before === null ? before : { ...shown, isStopping: before.isStopping }));
    };
    try {
      const keysToDelete = now.rows.map(({ id }) => id);
      const outcome = await host.call("delete_keys", { account, keys: keysToDelete, typed }, follow);
      switch (outcome.kind) {
        case "finished":
          onSent();
          finish({ results: outcome.results, isCancelled: outcome.cancelled, message: outcome.message });
          break;
        case "cancelled":
          setRun(null);
          break;
        case "card_changed":
          setRun(null);
          replace(outcome.card);
          setChanged(outcome.message);
          break;
      }
    } catch (thrown) {
      const error = uiErrorOf(thrown);
      if (now.isAnswered) {
        finish(endOf(now, error));
      } else {
        setRun(null);
        setFailure(error);
      }
    } finally {
      isSending.current = false;
    }
  };

  const stop = async () => {
    setFailure(null);
    setRun((now) => (now === null ? now : { ...now, isStopping: true }));
    try {
      await host.call("cancel_delete_keys", { account });
    } catch (thrown) {
      setFailure(uiErrorOf(thrown));
      setRun((now) => (now === null ? now : { ...now, isStopping: false }));
    }
  };

  return {
    ...rest,
    card,
    ticked,
    asked,
    changed,
    failure,
    run,
    end,
    settled,
    ask,
    remove: (typed) => void remove(typed),
    stop: () => void stop(),
    again,
  };
}
