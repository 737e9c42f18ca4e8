/**
 * Another credential for an account that stays. As in signing in, the input is uncontrolled and the credential goes
 * through no query or mutation, whose caches would keep it; it is wiped once it worked and when the form goes.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import type { AccountView, UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import form from "../../components/Form.module.css";
import { useToast } from "../../components/Toasts";
import { uiErrorOf, useHost } from "../../host/host";
import { useSetAppState } from "../../state/useAppState";
import styles from "./AccountForms.module.css";

interface ReplaceFormProps {
  account: AccountView;
  onClose: () => void;
}

export function ReplaceForm({ account, onClose }: ReplaceFormProps) {
  const host = useHost();
  const client = useQueryClient();
  const toast = useToast();
  const setState = useSetAppState();
  const credential = useRef<HTMLInputElement>(null);
  const isSending = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<UiError | null>(null);
  useEffect(() => {
    const input = credential.current;
    input?.focus();
    return () => {
      if (input !== null) input.value = "";
    };
  }, []);

  const fail = (failure: UiError) => {
    setError(failure);
    if (failure.code === "credential") credential.current?.focus();
  };

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isSending.current || credential.current === null) return;
    const { value } = credential.current;
    if (value.trim() === "") {
      fail({ code: "credential", message: "Paste an API key first.", hint: "" });
      return;
    }
    isSending.current = true;
    setBusy(true);
    setError(null);
    try {
      const state = await host.call("replace_credential", { account: account.id, credential: value });
      credential.current.value = "";
      setState(state);
      // Another key is the app's own now, and a list that was refused may be had again.
      void client.invalidateQueries({ queryKey: ["keys", account.id] });
      toast({ message: `The credential of ${account.label} was replaced.`, tone: "success" });
      onClose();
    } catch (thrown) {
      fail(uiErrorOf(thrown));
    } finally {
      isSending.current = false;
      setBusy(false);
    }
  };

  const isOfField = error?.code === "credential";
  return (
    <form
      className={styles.replace}
      aria-label={`Replace the credential of ${account.label}`}
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !isSending.current) onClose();
      }}
      noValidate
    >
      <Field
        ref={credential}
        label="New API key"
        type="password"
        isMono
        readOnly={isBusy}
        error={isOfField ? error : null}
        help={
          <>
            A key of the same user (<bdi>{account.userEmail || account.userName}</bdi>) with{" "}
            <code>api-keys:manage</code> or all abilities. It is tried first. The key in use now is not
            deleted.
          </>
        }
      />
      <div role="alert" className={form.alert}>
        {error !== null && !isOfField && (
          <Banner tone="danger">
            {error.message} {error.hint}
          </Banner>
        )}
      </div>
      <div className={form.buttons}>
        <Button onPress={onClose} isDisabled={isBusy}>
          Cancel
        </Button>
        <Button type="submit" look="primary" isPending={isBusy}>
          Replace credential
        </Button>
      </div>
    </form>
  );
}
