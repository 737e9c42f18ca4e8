/** Everything chosen here, put back at once, after a question. */
import { useState } from "react";
import { Button } from "../../components/Button";
import { Question } from "../../components/Question";
import { useToast } from "../../components/Toasts";
import { uiErrorOf } from "../../host/host";
import { usePreferences, useResetPreferences } from "../../state/usePreferences";
import { Section } from "./Section";

export function Reset() {
  const toast = useToast();
  const reset = useResetPreferences();
  const hasOwn = Object.keys(usePreferences().shortcuts).length > 0;
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);

  const go = async () => {
    setBusy(true);
    try {
      await reset();
      toast({ message: "All preferences have their defaults again.", tone: "success" });
    } catch (thrown) {
      const { message, hint } = uiErrorOf(thrown);
      toast({ message, detail: hint });
    } finally {
      setBusy(false);
      setAsking(false);
    }
  };

  return (
    <Section
      id="reset"
      help="Appearance, safety, search folders, shortcuts and new versions get their defaults again. Accounts, keys and the journal stay as they are, and so does how your lists are sorted."
      action={
        <Button aria-expanded={isAsking} isDisabled={isBusy} onPress={() => setAsking(!isAsking)}>
          Reset all preferences…
        </Button>
      }
      question={
        isAsking && (
          <Question
            question={`Reset all preferences to their defaults?${hasOwn ? " Your own shortcuts are lost." : ""}`}
            back="Keep mine"
            onBack={() => setAsking(false)}
            go="Reset all preferences"
            onGo={() => void go()}
            isBusy={isBusy}
          />
        )
      }
      onEscape={isBusy ? undefined : () => setAsking(false)}
    />
  );
}
