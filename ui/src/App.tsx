/** Which screen: starting, no keychain, first start, or the signed-in window. */
import { RegistryContext, useRegistryRoot } from "./actions/useActions";
import type { AppState } from "./bindings";
import { ToastProvider } from "./components/Toasts";
import { useAppState, useSetAppState } from "./features/accounts/useAppState";
import { Shell } from "./features/shell/Shell";
import { FirstStart } from "./features/start/FirstStart";
import { KeychainScreen } from "./features/start/KeychainScreen";
import { StartFailed } from "./features/start/StartFailed";
import { uiErrorOf } from "./host/host";

export function App() {
  const registry = useRegistryRoot();
  return (
    <RegistryContext value={registry}>
      <ToastProvider>
        <Screen />
      </ToastProvider>
    </RegistryContext>
  );
}

function Screen() {
  const query = useAppState();
  const setState = useSetAppState();
  const { data: state } = query;
  if (state !== undefined) return <ScreenOf state={state} onState={setState} />;
  if (query.error !== null) {
    return (
      <StartFailed
        error={uiErrorOf(query.error)}
        isBusy={query.isFetching}
        onRetry={() => void query.refetch()}
      />
    );
  }
  // Nothing yet, on purpose: the answer takes a moment, and a screen for that moment would flash.
  return null;
}

function ScreenOf({ state, onState }: { state: AppState; onState: (state: AppState) => void }) {
  if (state.keychain.kind === "unavailable") {
    return <KeychainScreen problem={state.keychain.problem} onState={onState} />;
  }
  const account = state.accounts.find(({ id }) => id === state.active) ?? state.accounts[0];
  if (account === undefined) return <FirstStart state={state} onConnected={onState} />;
  return <Shell state={state} account={account} onState={onState} />;
}
