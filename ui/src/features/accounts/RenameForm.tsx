/** An account's name, changed where it stands. What was typed stays until it is saved or given up. */
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import type { AccountView, UiError } from "../../bindings";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { uiErrorOf, useHost } from "../../host/host";
import { useSetAppState } from "../../state/useAppState";
import styles from "./AccountForms.module.css";

const LONGEST = 80;

interface RenameFormProps {
  account: AccountView;
  onClose: () => void;
}

/** What is wrong with a name before anybody is asked. */
function errorIn(label: string): UiError | null {
  const length = Array.from(label).length;
  if (length === 0) return { code: "name", message: "Type a name.", hint: "" };
  if (length <= LONGEST) return null;
  return {
    code: "name",
    message: `The name has ${length} characters.`,
    hint: `At most ${LONGEST} are possible.`,
  };
}

export function RenameForm({ account, onClose }: RenameFormProps) {
  const host = useHost();
  const setState = useSetAppState();
  const field = useRef<HTMLInputElement>(null);
  const isSending = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<UiError | null>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);

  const fail = (failure: UiError) => {
    setError(failure);
    field.current?.focus();
  };

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isSending.current || field.current === null) return;
    const label = field.current.value.trim();
    if (label === account.label) {
      onClose();
      return;
    }
    const wrong = errorIn(label);
    if (wrong !== null) {
      fail(wrong);
      return;
    }
    isSending.current = true;
    setBusy(true);
    setError(null);
    try {
      setState(await host.call("rename_account", { account: account.id, label }));
      onClose();
    } catch (thrown) {
      fail(uiErrorOf(thrown));
    } finally {
      isSending.current = false;
      setBusy(false);
    }
  };

  return (
    <form
      className={styles.rename}
      aria-label={`Rename ${account.label}`}
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        // Once it is on its way it can't be called back.
        if (event.key === "Escape" && !isSending.current) onClose();
      }}
      noValidate
    >
      <Field ref={field} label="Name" defaultValue={account.label} readOnly={isBusy} error={error} />
      <div className={styles.beside}>
        <Button onPress={onClose} isDisabled={isBusy}>
          Cancel
        </Button>
        <Button type="submit" look="primary" isPending={isBusy}>
          Save
        </Button>
      </div>
    </form>
  );
}
