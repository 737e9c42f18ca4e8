/** What can be done about an error: one table from its code to a button. */
import type { ErrorCode, UiError } from "../bindings";
import { Button } from "./Button";

const offersSignIn: Record<ErrorCode, boolean> = {
  unauthorized: true,
  credential: true,
  address: false,
  name: false,
  abilities: false,
  team: false,
  offline: false,
  rate_limited: false,
  keychain: false,
  token_missing: false,
  stale: false,
  other: false,
};

interface ErrorActionsProps {
  error: UiError;
  /** None where the button that was pressed is still there to be pressed again. */
  onRetry?: () => void;
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
  if (offersSignIn[error.code]) return <Button onPress={onSignIn}>Sign in again…</Button>;
  if (onRetry === undefined) return null;
  return (
    <Button onPress={onRetry} isPending={isBusy}>
      {label}
    </Button>
  );
}
