/** Which screen: starting, no keychain, first start, or the signed-in window. None waits for the keychain. */
import { useQueryClient } from "@tanstack/react-query";
import { useContext, useEffect, useMemo, useState } from "react";
import { RegistryContext, useRegistry, useRegistryRoot } from "../actions/useActions";
import type { AccountView, AppState } from "../bindings";
import { PanelPart } from "../components/PanelPart";
import { ToastProvider, useToast } from "../components/Toasts";
import { ModalsContext } from "../components/useModal";
import { Shortcuts } from "../features/help/Shortcuts";
import { uiErrorOf } from "../host/host";
import { part } from "../lib/part";
import { useDelayed } from "../lib/useDelayed";
import { Drops, DropsContext } from "../navigation/drops";
import { Links, LinksContext } from "../navigation/links";
import { DeletionSteps, DeletionStepsContext } from "../state/deletionSteps";
import { outcomesChanged } from "../state/outcomesChanged";
import { swapsKey } from "../state/queryKeys";
import { askForOutcomes } from "../state/useOutcomes";
import { SentRequests, SentRequestsContext } from "../state/sentRequests";
import { keychainWait, KeychainWaitContext, useKeychainAnswer } from "../state/keychainWait";
import { useAppState, useSetAppState } from "../state/useAppState";
import { PreferencesContext, usePreferencesOnPage } from "../state/usePreferences";
import { useRevocationWatch } from "../state/useRevocations";
import { useZoom } from "../state/useZoom";
import { NativeWindow } from "./NativeWindow";
import { Shell } from "./Shell";
import { useIdleLoading } from "./useIdleLoading";

// Screens that most starts never show.
const firstStart = part(() => import("./FirstStart").then(({ FirstStart }) => FirstStart));
const startFailed = part(() => import("./StartFailed").then(({ StartFailed }) => StartFailed));
const keychainScreen = part(() => import("./KeychainScreen").then(({ KeychainScreen }) => KeychainScreen));

/** How long a start in the sandbox may take before something else is shown meanwhile, in milliseconds. */
const SANDBOX_WAIT = 1000;

export function App() {
  const registry = useRegistryRoot();
  const [links] = useState(() => new Links());
  const [drops] = useState(() => new Drops());
  const [sent] = useState(() => new SentRequests());
  const [deletions] = useState(() => new DeletionSteps());
  return (
    <RegistryContext value={registry}>
      <ModalsContext value={registry}>
        <LinksContext value={links}>
          <DropsContext value={drops}>
            <SentRequestsContext value={sent}>
              <DeletionStepsContext value={deletions}>
                <ToastProvider>
                  <Screen />
                  <Shortcuts />
                </ToastProvider>
              </DeletionStepsContext>
            </SentRequestsContext>
          </DropsContext>
        </LinksContext>
      </ModalsContext>
    </RegistryContext>
  );
}

function Screen() {
  const query = useAppState();
  const setState = useSetAppState();
  const { data: state } = query;
  if (state !== undefined) {
    return (
      <PreferencesContext value={state.preferences}>
        <KeychainGate state={state} onState={setState} />
      </PreferencesContext>
    );
  }
  if (query.error !== null) {
    const { error, isFetching, refetch } = query;
    return (
      <PanelPart part={startFailed}>
        {(StartFailed) => (
          <StartFailed error={uiErrorOf(error)} isBusy={isFetching} onRetry={() => void refetch()} />
        )}
      </PanelPart>
    );
  }
  // Nothing yet, on purpose: the answer takes a moment, and a screen for that moment would flash.
  return null;
}

interface ScreenProps {
  state: AppState;
  onState: (state: AppState) => void;
}

/** What needs the keychain waits for its first answer; the screens don't. */
function KeychainGate({ state, onState }: ScreenProps) {
  const registry = useRegistry();
  const isWaiting = state.keychain.kind === "waiting";
  const isLate = useDelayed(isWaiting);
  const wait = useMemo(() => keychainWait(isWaiting, isLate), [isWaiting, isLate]);
  useKeychainAnswer(isWaiting, onState);
  useEffect(() => registry.setKeychainWait(wait.reason), [registry, wait.reason]);
  return (
    <KeychainWaitContext value={wait}>
      <Window state={state} />
      <ScreenOf state={state} onState={onState} />
    </KeychainWaitContext>
  );
}

function accountInUse({ accounts, active }: AppState): AccountView | undefined {
  return accounts.find(({ id }) => id === active) ?? accounts[0];
}

/** The window around the screen, whichever it is. */
function Window({ state }: Pick<ScreenProps, "state">) {
  const links = useContext(LinksContext);
  const drops = useContext(DropsContext);
  const toast = useToast();
  const sent = useContext(SentRequestsContext);
  const deletions = useContext(DeletionStepsContext);
  const client = useQueryClient();
  return (
    <NativeWindow
      title={accountInUse(state)?.label ?? null}
      onLink={links.follow}
      onDrop={drops.arrive}
      onRequestSent={sent.arrive}
      onDeletion={deletions.arrive}
      onClipboardNotCleared={(message) => toast({ message, tone: "plain" })}
      onOutcomesChanged={() => outcomesChanged(client)}
      onSwapsChanged={() => void client.invalidateQueries({ queryKey: swapsKey })}
      onWatchChanged={() => askForOutcomes(client)}
    />
  );
}

function ScreenOf({ state, onState }: ScreenProps) {
  const account = accountInUse(state);
  useIdleLoading();
  useZoom(state.preferences.zoom);
  useRevocationWatch(state.keychain.kind === "waiting", onState);
  usePreferencesOnPage(state.preferences);
  const isSandboxLate = useDelayed(state.beginsInSandbox, SANDBOX_WAIT);

  if (state.keychain.kind === "unavailable") {
    const { problem } = state.keychain;
    return (
      <PanelPart part={keychainScreen}>
        {(KeychainScreen) => <KeychainScreen problem={problem} onState={onState} />}
      </PanelPart>
    );
  }
  // Another screen is about to come; a form for that moment would flash.
  if (state.beginsInSandbox && !isSandboxLate) return null;
  if (account === undefined) {
    return (
      <PanelPart part={firstStart}>
        {(FirstStart) => <FirstStart state={state} onConnected={onState} />}
      </PanelPart>
    );
  }
  return <Shell state={state} account={account} onState={onState} />;
}
