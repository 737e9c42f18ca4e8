/** Team on top, where to go, account at the foot. Under 880 px a rail of icons with the same names. */
import { ArrowUpRight, Settings2 } from "lucide-react";
import { ariaKeys, sayKeys } from "../actions/keys";
import type { ActionId } from "../actions/table";
import { useShortcut } from "../actions/useActions";
import type { AccountView, AppState } from "../bindings";
import { PlainButton } from "../components/PlainButton";
import { Tips } from "../components/Tips";
import { AccountMenu } from "../features/accounts/AccountMenu";
import type { AccountCommands } from "../features/accounts/useAccountCommands";
import { useDashboard } from "../features/help/useDashboard";
import { useMediaQuery } from "../lib/useMediaQuery";
import styles from "./Sidebar.module.css";
import { TeamSwitcher } from "./TeamSwitcher";

interface SidebarProps {
  state: AppState;
  account: AccountView;
  team: string | null;
  onTeam: (team: string | null) => void;
  commands: AccountCommands;
  onSettings: () => void;
  onOpenAccounts: () => void;
}

export function Sidebar(props: SidebarProps) {
  const { state, account, team, onTeam, commands, onSettings, onOpenAccounts } = props;
  const openDashboard = useDashboard(account);
  return (
    <aside aria-label="Sidebar" className={styles.aside}>
      <Tips className={styles.sidebar}>
        <TeamSwitcher key={account.id} account={account} team={team} onTeam={onTeam} />
        <nav className={styles.nav} aria-label="Main">
          <NavItem action="tab.keys" icon={Settings2} title="Settings" isCurrent onPress={onSettings} />
          {openDashboard !== null && (
            <NavItem
              action="help.dashboard"
              icon={ArrowUpRight}
              title="PulseAPI dashboard"
              onPress={openDashboard}
            />
          )}
        </nav>
        <div className={styles.foot}>
          {state.keychain.kind === "session_only" && (
            <p className={styles.session}>
              <span>No keychain: this session only</span>
            </p>
          )}
          <AccountMenu
            account={account}
            accounts={state.accounts}
            commands={commands}
            onOpenAccounts={onOpenAccounts}
          />
        </div>
      </Tips>
    </aside>
  );
}

interface NavItemProps {
  /** Whose keys it shows. */
  action: ActionId;
  icon: typeof Settings2;
  title: string;
  isCurrent?: boolean;
  onPress: () => void;
}

function NavItem({ action, icon: Icon, title, isCurrent = false, onPress }: NavItemProps) {
  const { keys } = useShortcut(action);
  const isRail = useMediaQuery("(max-width: 54.9375em)");
  return (
    <PlainButton
      className={styles.item}
      aria-current={isCurrent ? "page" : undefined}
      aria-label={title}
      aria-keyshortcuts={ariaKeys(keys)}
      data-tip={[isRail ? title : "", sayKeys(keys[0])].filter(Boolean).join(" · ")}
      data-tip-beside
      onPress={onPress}
    >
      <Icon size="1rem" aria-hidden="true" />
      <span className={styles.title}>{title}</span>
    </PlainButton>
  );
}
