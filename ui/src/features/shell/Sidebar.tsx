/** Team on top, where to go, account at the foot. Under 880 px a rail of icons with the same names. */
import { ArrowUpRight, Settings2 } from "lucide-react";
import { Button as AriaButton, Tooltip, TooltipTrigger } from "react-aria-components";
import type { AccountView, AppState } from "../../bindings";
import tips from "../../components/Tips.module.css";
import { useToast } from "../../components/Toasts";
import { uiErrorOf, useHost } from "../../host/host";
import { useMediaQuery } from "../../lib/useMediaQuery";
import { AccountMenu } from "../accounts/AccountMenu";
import type { AccountCommands } from "../accounts/useAccountCommands";
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
  const host = useHost();
  const toast = useToast();
  const openDashboard = async () => {
    try {
      await host.call("dashboard_open", null);
    } catch (thrown) {
      const { message, hint } = uiErrorOf(thrown);
      toast({ message, detail: hint });
    }
  };
  return (
    <aside className={styles.sidebar} aria-label="Sidebar">
      <TeamSwitcher key={account.id} account={account} team={team} onTeam={onTeam} />
      <nav className={styles.nav} aria-label="Main">
        <NavItem icon={Settings2} title="Settings" isCurrent onPress={onSettings} />
        {account.kind === "pulseapi" && (
          <NavItem icon={ArrowUpRight} title="PulseAPI dashboard" onPress={() => void openDashboard()} />
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
    </aside>
  );
}

interface NavItemProps {
  icon: typeof Settings2;
  title: string;
  isCurrent?: boolean;
  onPress: () => void;
}

function NavItem({ icon: Icon, title, isCurrent = false, onPress }: NavItemProps) {
  const isRail = useMediaQuery("(max-width: 54.9375em)");
  return (
    <TooltipTrigger delay={450} isDisabled={!isRail}>
      <AriaButton
        className={styles.item ?? ""}
        aria-current={isCurrent ? "page" : undefined}
        aria-label={title}
        onPress={onPress}
      >
        <Icon size="1rem" aria-hidden="true" />
        <span className={styles.title}>{title}</span>
      </AriaButton>
      <Tooltip className={tips.tip ?? ""} placement="right" offset={8}>
        {title}
      </Tooltip>
    </TooltipTrigger>
  );
}
