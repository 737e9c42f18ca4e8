/** The signed-in window: sidebar, Settings with its tabs, notices. */
import { useCallback, useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { windowActions, type SettingsTab } from "../../actions/actions";
import { ariaKeys } from "../../actions/keys";
import { useTarget } from "../../actions/useActions";
import type { AccountView, AppState } from "../../bindings";
import { AccountsTab, type SignIn } from "../accounts/AccountsTab";
import { useAccountCommands } from "../accounts/useAccountCommands";
import { KeysTab, type ListView } from "../keys/KeysTab";
import { firstOrder } from "../keys/order";
import { Notices } from "../notices/Notices";
import styles from "./Shell.module.css";
import { Sidebar } from "./Sidebar";

interface ShellProps {
  state: AppState;
  account: AccountView;
  onState: (state: AppState) => void;
}

export function Shell({ state, account, onState }: ShellProps) {
  const [tab, setTab] = useState<SettingsTab>("keys");
  const [team, setTeam] = useState<{ account: string; id: string | null }>({ account: account.id, id: null });
  const [view, setView] = useState<ListView>({ search: "", order: firstOrder });
  const [signIn, setSignIn] = useState<SignIn | null>(null);
  const commands = useAccountCommands();
  useTarget("selectTab", setTab);

  // Teams belong to an account: with another one, all are shown again.
  const shownTeam =
    team.account === account.id && account.teams.some(({ id }) => id === team.id) ? team.id : null;
  const chooseTeam = useCallback((id: string | null) => setTeam({ account: account.id, id }), [account.id]);

  return (
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
        <Tabs
          className={styles.tabs ?? ""}
          selectedKey={tab}
          onSelectionChange={(key) => setTab(key as SettingsTab)}
        >
          <TabList aria-label="Settings" className={styles.list ?? ""}>
            <Tab
              id="keys"
              className={styles.tab ?? ""}
              aria-keyshortcuts={ariaKeys(windowActions.keysTab.keys)}
            >
              {windowActions.keysTab.title}
            </Tab>
            <Tab
              id="accounts"
              className={styles.tab ?? ""}
              aria-keyshortcuts={ariaKeys(windowActions.accountsTab.keys)}
            >
              {windowActions.accountsTab.title}
            </Tab>
          </TabList>
          <Notices />
          <TabPanel id="keys" className={styles.panel ?? ""}>
            <KeysTab
              key={account.id}
              account={account}
              team={shownTeam}
              view={view}
              onView={setView}
              onAllTeams={() => chooseTeam(null)}
              onSignIn={() => {
                setSignIn({ kind: "again", account });
                setTab("accounts");
              }}
              onState={onState}
            />
          </TabPanel>
          <TabPanel id="accounts" className={styles.panel ?? ""}>
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
          </TabPanel>
        </Tabs>
      </main>
    </div>
  );
}
