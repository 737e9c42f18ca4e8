/** What can be done about an error: one table from its code to a button. */
import type { ErrorCode, UiError } from "../../bindings";
import { Button } from "../../components/Button";

const offersSignIn: Record<ErrorCode, boolean> = {
  unauthorized: true,
  credential: true,
  address: false,
  offline: false,
  rate_limited: false,
  keychain: false,
  stale: false,
  other: false,
};

interface ErrorActionsProps {
  error: UiError;
  onRetry: () => void;
  onSignIn: () => void;
  isBusy?: boolean;
  label?: string;
}

export function ErrorActions({
  error,
  onRetry,
  onSignIn,
  isBusy = false,
  label = "Retry",
}: ErrorActionsProps) {
  return offersSignIn[error.code] ? (
    <Button onPress={onSignIn}>Sign in again…</Button>
  ) : (
    <Button onPress={onRetry} isPending={isBusy}>
      {label}
    </Button>
  );
}
