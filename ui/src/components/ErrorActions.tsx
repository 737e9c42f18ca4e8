/** What can be done about an error: from its code to a button. */
import type { ErrorCode, UiError } from "../bindings";
import { Button } from "./Button";

const offersSignIn: readonly ErrorCode[] = ["unauthorized", "credential"];

interface ErrorActionsProps {
  error: UiError;
  /** None where the button that was pressed is still there to be pressed again. */
  onRetry?: () => void;
  onSignIn: () => void;
  /** Leads to the steps in the browser, where the service has no call for what was asked. */
  onInBrowser?: () => void;
  isBusy?: boolean;
  label?: string;
}

export function ErrorActions({
  error,
  onRetry,
  onSignIn,
  onInBrowser,
  isBusy = false,
  label = "Retry",
}: ErrorActionsProps) {
  if (offersSignIn.includes(error.code)) return <Button onPress={onSignIn}>Sign in again…</Button>;
  if (error.code === "in_browser" && onInBrowser !== undefined) {
    return <Button onPress={onInBrowser}>Go on in the browser…</Button>;
  }
  if (onRetry === undefined) return null;
  return (
    <Button onPress={onRetry} isPending={isBusy}>
      {label}
    </Button>
  );
}
