/**
 * Signing in with an address and a credential. Both inputs are uncontrolled; the credential is read when it is sent
 * and wiped once it worked. It goes through no query or mutation, whose caches would keep it.
 */
import { useRef, useState, type SubmitEvent } from "react";
import type { AppState, UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import form from "../../components/Form.module.css";
import { uiErrorOf, useHost } from "../../host/host";
import { useKeychainWait } from "../../state/keychainWait";
import { CheckConnection } from "./CheckConnection";
import styles from "./ConnectForm.module.css";

interface ConnectFormProps {
  baseUrl: string;
  onConnected: (state: AppState) => void;
  onCancel?: () => void;
}

type Place = "address" | "credential" | "form";

function placeOf({ code }: UiError): Place {
  switch (code) {
    case "address":
    case "offline":
      return "address";
    case "credential":
    case "unauthorized":
      return "credential";
    case "name":
    case "abilities":
    case "team":
    case "rate_limited":
    case "keychain":
    case "token_missing":
    case "stale":
    case "in_browser":
    case "other":
      return "form";
  }
}

function at(place: Place, error: UiError | null): UiError | null {
  return error !== null && placeOf(error) === place ? error : null;
}

export function ConnectForm({ baseUrl, onConnected, onCancel }: ConnectFormProps) {
  const host = useHost();
  const address = useRef<HTMLInputElement>(null);
  const credential = useRef<HTMLInputElement>(null);
  const isSending = useRef(false);
  const { reason: wait } = useKeychainWait();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<UiError | null>(null);
  /** The server, not only the form, has had its say. */
  const [hasFailed, setFailed] = useState(false);
  const [isChecking, setChecking] = useState(false);

  const fail = (failure: UiError) => {
    setError(failure);
    const place = placeOf(failure);
    if (place === "address") address.current?.focus();
    if (place === "credential") credential.current?.focus();
  };

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isSending.current || wait !== null || address.current === null || credential.current === null) return;
    if (address.current.value.trim() === "") {
      fail({ code: "address", message: "The address is missing.", hint: `The usual one is ${baseUrl}.` });
      return;
    }
    if (credential.current.value.trim() === "") {
      fail({ code: "credential", message: "Paste an API key first.", hint: "" });
      return;
    }
    isSending.current = true;
    setBusy(true);
    setError(null);
    try {
      const state = await host.call("connect", {
        baseUrl: address.current.value,
        credential: credential.current.value,
      });
      credential.current.value = "";
      onConnected(state);
    } catch (thrown) {
      fail(uiErrorOf(thrown));
      setFailed(true);
    } finally {
      isSending.current = false;
      setBusy(false);
    }
  };

  const alert = at("form", error);
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
      <Field
        ref={address}
        label="Address"
        inputMode="url"
        defaultValue={baseUrl}
        readOnly={isBusy}
        error={at("address", error)}
      />
      <Field
        ref={credential}
        label="API key"
        type="password"
        isMono
        readOnly={isBusy}
        error={at("credential", error)}
        help={
          <>
            Create one in PulseAPI under Settings → API Keys, with the ability <code>api-keys:manage</code>.
            It goes into this computer’s keychain and nowhere else.
          </>
        }
      />
      <div role="alert" className={form.alert}>
        {alert !== null && (
          <Banner tone="danger">
            {alert.message} {alert.hint}
          </Banner>
        )}
      </div>
      <div className={form.buttons}>
        {onCancel !== undefined && (
          <Button onPress={onCancel} isDisabled={isBusy}>
            Cancel
          </Button>
        )}
        {hasFailed && (
          <Button isDisabled={isBusy} onPress={() => setChecking(true)}>
            Check the connection…
          </Button>
        )}
        <Button type="submit" look="primary" isPending={isBusy} isDisabled={wait !== null}>
          Connect
        </Button>
      </div>
      {isChecking && (
        <CheckConnection
          label={null}
          request={() => ({
            kind: "typed",
            baseUrl: address.current?.value ?? "",
            credential: credential.current?.value ?? "",
          })}
          onClose={() => setChecking(false)}
        />
      )}
    </form>
  );
}
