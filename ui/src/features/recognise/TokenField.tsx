/**
 * Where a string is brought to be looked at. What is pasted never gets into the page: it is taken on its way, with its
 * lines, which a field of one line would lose. What is typed is hidden, and gone with its field once it was asked
 * about.
 */
import { FileSearch } from "lucide-react";
import { useEffect, useId, useRef, useState, type ClipboardEvent } from "react";
import type { RecogniseRequest } from "../../bindings";
import { Button } from "../../components/Button";
import styles from "./Recognise.module.css";

interface TokenFieldProps {
  /** What is being looked at. */
  asking: RecogniseRequest["kind"] | null;
  onText: (text: string) => void;
  /** A file is to be chosen instead. */
  onFile: () => void;
}

export function TokenField({ asking, onText, onFile }: TokenFieldProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  /** A new field has nothing in it, and nothing to undo. */
  const [generation, setGeneration] = useState(0);
  useEffect(() => field.current?.focus(), [generation]);

  const send = (text: string) => {
    setGeneration((count) => count + 1);
    if (text.trim() !== "") onText(text);
  };
  const paste = (event: ClipboardEvent<HTMLInputElement>) => {
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    const before = value.slice(0, selectionStart ?? value.length);
    send(before + event.clipboardData.getData("text") + value.slice(selectionEnd ?? value.length));
  };

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send(field.current?.value ?? "");
      }}
    >
      <label htmlFor={id} className={styles.label}>
        Token, or any text that it stands in
      </label>
      <div className={styles.line}>
        <input
          key={generation}
          ref={field}
          id={id}
          type="password"
          className={styles.input}
          placeholder="Paste it here"
          aria-describedby={`${id}-help`}
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          onPaste={paste}
        />
        <Button type="submit" look="primary" isPending={asking === "text"}>
          Look
        </Button>
        <Button isPending={asking === "choose"} onPress={onFile}>
          <FileSearch size="0.9375rem" aria-hidden="true" />
          Choose a file…
        </Button>
      </div>
      <p id={`${id}-help`} className={styles.help}>
        Never sent anywhere: compared with your lists on this machine, then forgotten. Or drop a file.
      </p>
    </form>
  );
}
