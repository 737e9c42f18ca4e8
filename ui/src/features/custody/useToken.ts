/**
 * What can be done with a token in custody. Its text is here only between *Reveal* and *Hide*, in this component's
 * state and in no cache; an answer that comes too late for that is dropped. Draws nothing.
 */
import { useEffect, useRef, useState } from "react";
import type { Copied, CopyForm, Custody, CustodyId, TokenTest, UiError } from "../../bindings";
import { uiErrorOf, useHost } from "../../host/host";
import type { Settling } from "./outcome";

/** How long it stands there that something was copied when the clipboard is not cleared, in seconds. */
const SAID = 10;

type Doing = "reveal" | "test" | "stored" | "keep";

interface TokenHandling {
  text: string | null;
  reveal: () => void;
  hide: () => void;
  /** What was copied last, and in which words; counted, so that the same words are said again. */
  copied: { form: CopyForm; message: string; count: number } | null;
  copy: (form: CopyForm) => void;
  tested: TokenTest | null;
  test: () => void;
  stored: () => void;
  keep: () => void;
  doing: Doing | null;
  /** What did not work, until something else is tried. */
  failure: UiError | null;
}

interface TokenOptions {
  token: CustodyId;
  /** What came of trying it before. */
  tested: TokenTest | null;
  onSettled: (how: Settling, custody: Custody) => void;
}

export function useToken({ token, tested: before, onSettled }: TokenOptions): TokenHandling {
  const host = useHost();
  const [text, setText] = useState<string | null>(null);
  const [copied, setCopied] = useState<TokenHandling["copied"]>(null);
  const [tested, setTested] = useState(before);
  const [doing, setDoing] = useState<Doing | null>(null);
  const [failure, setFailure] = useState<UiError | null>(null);
  const isSending = useRef(false);
  const count = useRef(0);
  /** Changes when the text is not wanted any more. */
  const wanted = useRef(0);
  const until = useRef<ReturnType<typeof setTimeout>>(undefined);

  const drop = () => {
    wanted.current += 1;
    setText(null);
  };
  useEffect(
    () => () => {
      wanted.current += 1;
      clearTimeout(until.current);
    },
    [],
  );

  const run = async <T>(what: Doing, command: () => Promise<T>, done: (answer: T) => void) => {
    if (isSending.current) return;
    isSending.current = true;
    setDoing(what);
    setFailure(null);
    try {
      done(await command());
    } catch (thrown) {
      setFailure(uiErrorOf(thrown));
    } finally {
      isSending.current = false;
      setDoing(null);
    }
  };

  const reveal = () => {
    wanted.current += 1;
    const mine = wanted.current;
    void run(
      "reveal",
      () => host.call("reveal_token", { token }),
      (answer) => {
        if (wanted.current === mine) setText(answer);
      },
    );
  };

  const copy = async (form: CopyForm) => {
    setFailure(null);
    try {
      const { message, clearsAfter }: Copied = await host.call("copy_token", { token, form });
      count.current += 1;
      setCopied({ form, message, count: count.current });
      // The words speak of what is still to come: they go when it has come.
      clearTimeout(until.current);
      until.current = setTimeout(() => setCopied(null), (clearsAfter ?? SAID) * 1000);
    } catch (thrown) {
      setCopied(null);
      setFailure(uiErrorOf(thrown));
    }
  };

  const settle = (how: "stored" | "keep") => {
    const wasMissing = failure?.code === "token_missing";
    return run(
      how,
      () => host.call(how === "stored" ? "token_stored" : "keep_token", { token }),
      (custody) => {
        drop();
        onSettled(how === "stored" && wasMissing ? "missing" : how, custody);
      },
    );
  };

  return {
    text,
    reveal,
    hide: drop,
    copied,
    copy: (form) => void copy(form),
    tested,
    test: () => void run("test", () => host.call("test_token", { token }), setTested),
    stored: () => void settle("stored"),
    keep: () => void settle("keep"),
    doing,
    failure,
  };
}
