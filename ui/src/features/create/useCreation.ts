/**
 * What the form for a new key goes through: asked for, filled in, sent, answered. What was typed survives every
 * answer but the key itself. A creation whose sheet was left goes on, and its outcome is told elsewhere. Draws nothing.
 */
import { useCallback, useContext, useEffect, useRef, useState } from "react";
import type { AccountId, CreateForm, CreateOutcome, NextStep, TokenInCustody, UiError } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";
import { SentRequestsContext } from "../../state/sentRequests";
import { EVERYTHING, lengthOf, offeredBy, type Draft } from "./draft";

export type Place = "name" | "abilities" | "team" | "form";

/** The errors of each place; none where nothing is wrong. */
type Errors = Partial<Record<Place, UiError>>;

interface Lost {
  message: string;
  next: NextStep | null;
}

interface Creation {
  draft: Draft;
  rename: (name: string) => void;
  choose: (abilities: ReadonlySet<string>) => void;
  /** What can be chosen; none until the service has said. */
  form: CreateForm | null;
  formError: UiError | null;
  isAsking: boolean;
  ask: () => void;
  /** What was chosen and is offered no more. */
  vanished: readonly string[];
  isCreating: boolean;
  errors: Errors;
  /** The key was made, and its token never arrived. */
  lost: Lost | null;
  /** Sends it; answers with the first place where something is wrong. */
  create: () => Promise<Place | null>;
  /** From now on the outcome is told elsewhere. */
  leave: () => void;
}

interface CreationOptions {
  account: AccountId;
  team: string | null;
  first: Draft;
  onSent: () => void;
  onCreated: (token: TokenInCustody) => void;
  /** What came of a creation that was left; an error when the call itself failed. */
  onLate: (draft: Draft, outcome: CreateOutcome | UiError) => void;
}

function placeOf({ code }: UiError): Place {
  switch (code) {
    case "name":
    case "abilities":
    case "team":
      return code;
    case "address":
    case "credential":
    case "unauthorized":
    case "offline":
    case "rate_limited":
    case "keychain":
    case "token_missing":
    case "stale":
    case "in_browser":
    case "other":
      return "form";
  }
}

const places: readonly Place[] = ["name", "abilities", "team", "form"];

function byPlace(found: readonly UiError[]): Errors {
  const errors: Errors = {};
  // The first of a place: each says by itself what to do.
  for (const error of found) errors[placeOf(error)] ??= error;
  return errors;
}

function problemsOf(draft: Draft, longest: number): Errors {
  const errors: Errors = {};
  const length = lengthOf(draft.name);
  if (length === 0) errors.name = { code: "name", message: "Give the key a name.", hint: "" };
  if (length > longest) {
    errors.name = { code: "name", message: `A name has at most ${longest} characters.`, hint: "" };
  }
  if (draft.abilities.size === 0) {
    errors.abilities = { code: "abilities", message: "Choose at least one ability.", hint: "" };
  }
  return errors;
}

export function useCreation(options: CreationOptions): Creation {
  const { account, team, first, onSent, onCreated, onLate } = options;
  const host = useHost();
  const [draft, setDraft] = useState(first);
  const [form, setForm] = useState<CreateForm | null>(null);
  const [formError, setFormError] = useState<UiError | null>(null);
  const [isAsking, setAsking] = useState(true);
  const [vanished, setVanished] = useState<readonly string[]>([]);
  const [isCreating, setCreating] = useState(false);
  const [errors, setErrors] = useState<Errors>({});
  const [lost, setLost] = useState<Lost | null>(null);
  const isSending = useRef(false);
  const isLeft = useRef(false);
  const requests = useContext(SentRequestsContext);
  const [attempt, setAttempt] = useState(0);
  const chosen = useRef(draft.abilities);
  useEffect(() => {
    chosen.current = draft.abilities;
  }, [draft]);

  useEffect(() => {
    let isCurrent = true;
    host.call("create_form", { account }).then(
      (answer) => {
        if (!isCurrent) return;
        const offered = new Set([EVERYTHING, ...offeredBy(answer)]);
        const gone = Array.from(chosen.current).filter((each) => !offered.has(each));
        setForm(answer);
        setAsking(false);
        if (gone.length === 0) return;
        setVanished(gone);
        setDraft(({ name, abilities }) => ({
          name,
          abilities: new Set(Array.from(abilities).filter((each) => offered.has(each))),
        }));
      },
      (thrown: unknown) => {
        if (!isCurrent) return;
        setFormError(uiErrorOf(thrown));
        setAsking(false);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [host, account, attempt]);

  // The form that is there stays while it is asked for again: what is on screen doesn't vanish under anyone's hand.
  const ask = useCallback(() => {
    setAsking(true);
    setFormError(null);
    setAttempt((count) => count + 1);
  }, []);

  const fail = (found: Errors) => {
    setErrors(found);
    if (found.abilities !== undefined) ask();
    return places.find((place) => found[place] !== undefined) ?? null;
  };

  const create = async (): Promise<Place | null> => {
    if (isSending.current || form === null) return null;
    setLost(null);
    const problems = problemsOf(draft, form.longestName);
    if (Object.keys(problems).length > 0) {
      setErrors(problems);
      return places.find((place) => problems[place] !== undefined) ?? null;
    }
    isSending.current = true;
    setCreating(true);
    setErrors({});
    setVanished([]);
    onSent();
    const { abilities } = draft;
    const end = requests.begin(() => undefined);
    try {
      const outcome = await host.call("create_key", {
        account,
        name: draft.name.trim(),
        abilities: abilities.has(EVERYTHING)
          ? [EVERYTHING]
          : offeredBy(form).filter((each) => abilities.has(each)),
        team,
      });
      if (isLeft.current) {
        onLate(draft, outcome);
        return null;
      }
      switch (outcome.kind) {
        case "created":
          onCreated(outcome.token);
          return null;
        case "not_created":
          return fail(byPlace(outcome.errors));
        case "token_lost":
          setLost({ message: outcome.message, next: outcome.next });
          return null;
        case "unknown":
          return fail({ form: outcome.error });
      }
    } catch (thrown) {
      if (isLeft.current) {
        onLate(draft, uiErrorOf(thrown));
        return null;
      }
      return fail(byPlace([uiErrorOf(thrown)]));
    } finally {
      end();
      isSending.current = false;
      setCreating(false);
    }
  };

  return {
    draft,
    rename: (name) => {
      setDraft((now) => ({ ...now, name }));
      setErrors((now) => ({ ...now, name: undefined }));
    },
    choose: (abilities) => {
      setDraft((now) => ({ ...now, abilities }));
      setVanished([]);
      setErrors((now) => ({ ...now, abilities: undefined }));
    },
    form,
    formError,
    isAsking,
    ask,
    vanished,
    isCreating,
    errors,
    lost,
    create,
    leave: () => {
      isLeft.current = true;
    },
  };
}
