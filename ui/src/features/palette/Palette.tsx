/**
 * The command palette: everything that can be done or opened, by a few letters of its name. What is chosen happens after
 * it has closed. It remembers what was chosen until the window closes, and nothing of what was typed.
 */
import { useCallback, useState } from "react";
import { useAction, useRegistry } from "../../actions/useActions";
import type { AccountView } from "../../bindings";
import { ModalPart } from "../../components/ModalPart";
import { useAfterClosing } from "../../components/useAfterClosing";
import { part } from "../../lib/part";
import { useSheets } from "../../navigation/sheets";
import type { ActionThen, Entry } from "./entries";

const paletteDialog = part(() => import("./PaletteDialog").then(({ PaletteDialog }) => PaletteDialog));

interface PaletteProps {
  account: AccountView;
  accounts: readonly AccountView[];
  team: string | null;
  onTeam: (team: string | null) => void;
  onAccount: (account: AccountView) => void;
}

const MOST_REMEMBERED = 20;

export function Palette({ account, accounts, team, onTeam, onAccount }: PaletteProps) {
  const registry = useRegistry();
  const sheets = useSheets();
  /** As things were when it opened: under something modal, hardly anything is possible. */
  const [states, setStates] = useState<readonly ActionThen[] | null>(null);
  const [recent, setRecent] = useState<readonly string[]>([]);
  const afterClosing = useAfterClosing(states !== null);
  useAction("app.palette", () =>
    setStates(registry.states().map((state) => ({ ...state, subject: registry.subjectOf(state.id) }))),
  );

  const run = (entry: Entry) => {
    switch (entry.kind) {
      case "action":
        registry.run(entry.state.id);
        return;
      case "key":
        sheets.open({ kind: "details", account: entry.account, key: entry.row.id });
        return;
      case "account":
        onAccount(entry.account);
        return;
      case "team":
        registry.run("tab.keys");
        onTeam(entry.team);
    }
  };
  const close = useCallback(() => setStates(null), []);
  if (states === null) return null;
  return (
    <ModalPart part={paletteDialog} onDismiss={close}>
      {(PaletteDialog) => (
        <PaletteDialog
          states={states}
          account={account}
          accounts={accounts}
          team={team}
          recent={recent}
          onChoose={(entry, id) => {
            afterClosing(() => run(entry));
            setRecent((now) => [id, ...now.filter((each) => each !== id)].slice(0, MOST_REMEMBERED));
            close();
          }}
          onClose={close}
        />
      )}
    </ModalPart>
  );
}
