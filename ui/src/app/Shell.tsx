/** The signed-in window: sidebar, Settings with its tabs, notices. */
import { useCallback, useEffect, useRef, useState } from "react";
import { useAction, useRegistry } from "../actions/useActions";
import type { AccountView, AppState } from "../bindings";
import { LaterPart } from "../components/LaterPart";
import { PanelPart } from "../components/PanelPart";
import type { SignIn } from "../features/accounts/signIn";
import { useAccountCommands } from "../features/accounts/useAccountCommands";
import { WaitingTokens } from "../features/custody/WaitingTokens";
import { noFilter, type JournalFilter } from "../features/journal/filter";
import { KeysTab } from "../features/keys/KeysTab";
import { KeptView } from "../features/keys/listView";
import { Notices } from "../features/notices/Notices";
import { Palette } from "../features/palette/Palette";
import { Recognition } from "../features/recognise/Recognition";
import { Revocations } from "../features/revocations/Revocations";
import { part } from "../lib/part";
import type { ListHandle } from "../navigation/sheets";
import { useOffline, useReconnection } from "../state/offline";
import { SettingsPanel, SettingsTabs, type SettingsTab } from "./SettingsTabs";
import styles from "./Shell.module.css";
import { Sidebar } from "./Sidebar";
import { WindowSheets } from "./WindowSheets";

const activityTab = part(() =>
  import("../features/journal/ActivityTab").then(({ ActivityTab }) => ActivityTab),
);
const accountsTab = part(() =>
  import("../features/accounts/AccountsTab").then(({ AccountsTab }) => AccountsTab),
);
const preferencesTab = part(() =>
  import("../features/preferences/PreferencesTab").then(({ PreferencesTab }) => PreferencesTab),
);

const newerVersion = part(() =>
  import("../features/updates/NewerVersion").then(({ NewerVersion }) => NewerVersion),
);

interface ShellProps {
  state: AppState;
  account: AccountView;
  onState: (state: AppState) => void;
}

export function Shell({ state, account, onState }: ShellProps) {
  const [tab, setTab] = useState<SettingsTab>("keys");
  const [team, setTeam] = useState<{ account: string; id: string | null }>({ account: account.id, id: null });
  const [view] = useState(() => new KeptView());
  const [activity, setActivity] = useState<JournalFilter>(noFilter);
  const [signIn, setSignIn] = useState<SignIn | null>(null);
  const commands = useAccountCommands();
  const registry = useRegistry();
  const offline = useOffline(account.id);
  useReconnection(account.id);
  useEffect(() => {
    registry.setOffline(offline);
    return () => registry.setOffline(null);
  }, [registry, offline]);
  const list = useRef<ListHandle>(null);
  const heads = useRef<HTMLDivElement>(null);
  const [arrival, setArrival] = useState<{ at: SettingsTab } | null>(null);
  // By key or menu the focus goes along: what it was on may be gone with the tab before.
  useEffect(() => {
    if (arrival === null) return;
    heads.current?.querySelector<HTMLElement>("[role=tab][aria-selected=true]")?.focus();
    if (arrival.at === "keys") list.current?.focusRow(null);
  }, [arrival]);
  const goTo = (at: SettingsTab) => {
    setTab(at);
    setArrival({ at });
  };
  useAction("tab.keys", () => goTo("keys"));
  useAction("tab.activity", () => goTo("activity"));
  useAction("tab.accounts", () => goTo("accounts"));
  useAction("tab.preferences", () => goTo("preferences"));
  useAction("app.preferences", () => goTo("preferences"));

  // Teams belong to an account: with another one, all are shown again.
  const shownTeam =
    team.account === account.id && account.teams.some(({ id }) => id === team.id) ? team.id : null;
  const chooseTeam = useCallback((id: string | null) => setTeam({ account: account.id, id }), [account.id]);
  const showList = useCallback(() => setTab("keys"), []);
  const openSignIn = useCallback((next: SignIn) => {
    setSignIn(next);
    setTab("accounts");
  }, []);
  useAction("accounts.add", () => openSignIn({ kind: "new" }));
  useAction("accounts.check", () => openSignIn({ kind: "check", account }));

  return (
    <WindowSheets
      account={account}
      accounts={state.accounts}
      team={shownTeam}
      list={list}
      onShowList={showList}
      onReplaceCredential={(of) => openSignIn({ kind: "replace", account: of })}
      onSignIn={(of) => openSignIn({ kind: "again", account: of })}
    >
      <div className={styles.shell}>
        <Sidebar
          state={state}
          account={account}
          team={shownTeam}
          onTeam={chooseTeam}
          commands={commands}
          onSettings={() => setTab("keys")}
          onOpenAccounts={() => setTab("accounts")}
        />
        <main className={styles.main}>
          <h1 className={styles.title}>Settings</h1>
          <div className={styles.tabs}>
            <SettingsTabs ref={heads} chosen={tab} onChoose={setTab} />
            <WaitingTokens />
            <Revocations />
            <Notices />
            <LaterPart part={newerVersion}>
              {(NewerVersion) => <NewerVersion current={state.version} />}
            </LaterPart>
            {tab === "keys" && (
              <SettingsPanel tab="keys">
                <KeysTab
                  key={account.id}
                  account={account}
                  team={shownTeam}
                  kept={view}
                  onAllTeams={() => chooseTeam(null)}
                  onSignIn={() => openSignIn({ kind: "again", account })}
                  ref={list}
                />
              </SettingsPanel>
            )}
            {tab === "activity" && (
              <SettingsPanel tab="activity">
                <PanelPart part={activityTab}>
                  {(ActivityTab) => <ActivityTab filter={activity} onFilter={setActivity} />}
                </PanelPart>
              </SettingsPanel>
            )}
            {tab === "accounts" && (
              <SettingsPanel tab="accounts">
                <PanelPart part={accountsTab}>
                  {(AccountsTab) => (
                    <AccountsTab
                      state={state}
                      commands={commands}
                      signIn={signIn}
                      onSignIn={setSignIn}
                      onConnected={(next) => {
                        onState(next);
                        setSignIn(null);
                        setTab("keys");
                      }}
                    />
                  )}
                </PanelPart>
              </SettingsPanel>
            )}
            {tab === "preferences" && (
              <SettingsPanel tab="preferences">
                <PanelPart part={preferencesTab}>
                  {(PreferencesTab) => <PreferencesTab places={state.places} version={state.version} />}
                </PanelPart>
              </SettingsPanel>
            )}
          </div>
        </main>
      </div>
      <Palette
        account={account}
        accounts={state.accounts}
        team={shownTeam}
        onTeam={chooseTeam}
        onAccount={commands.use}
      />
      <Recognition />
    </WindowSheets>
  );
}
