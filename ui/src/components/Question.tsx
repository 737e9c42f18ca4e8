/**
 * A question in a sheet's footer, in place of its buttons: no second window over the first. It takes the focus, to
 * the answer that changes nothing.
 */
import { useEffect, useId, useRef } from "react";
import { Button } from "./Button";
import styles from "./Question.module.css";

interface QuestionProps {
  question: string;
  /** The answer that changes nothing. */
  back: string;
  onBack: () => void;
  go: string;
  onGo: () => void;
  /** Something is lost by going. */
  isDestroying?: boolean;
  isBusy?: boolean;
}

export function Question(props: QuestionProps) {
  const { question, back, onBack, go, onGo, isDestroying = false, isBusy = false } = props;
  const first = useRef<HTMLButtonElement>(null);
  const words = useId();
  useEffect(() => {
    const before = document.activeElement;
    const sheet = first.current?.closest<HTMLElement>("[role=dialog]");
    first.current?.focus();
    // Back to where the question came up; a button of the footer is not the same one any more.
    return () => {
      const isThere = before !== document.body && before?.isConnected === true;
      if (isThere && before instanceof HTMLElement) before.focus();
      else if (sheet?.isConnected === true) sheet.focus();
    };
  }, []);
  return (
    <div role="group" aria-labelledby={words} className={styles.question}>
      <p id={words} className={styles.words}>
        {question}
      </p>
      <Button ref={first} look={isDestroying ? "plain" : "primary"} isDisabled={isBusy} onPress={onBack}>
        {back}
      </Button>
      <Button look={isDestroying ? "danger" : "plain"} isPending={isBusy} onPress={onGo}>
        {go}
      </Button>
    </div>
  );
}
