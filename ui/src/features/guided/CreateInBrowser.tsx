/**
 * A new key where the service has no call to make one: the user makes it in the browser and pastes its token here. What
 * is typed is for the list, and is read when it is sent.
 */
import { useId, useRef, useState, type SubmitEvent } from "react";
import type { AccountView, KeyRow } from "../../bindings";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import field from "../../components/Field.module.css";
import { Question } from "../../components/Question";
import { FooterGap, Sheet } from "../../components/Sheet";
import { isGuided } from "../../lib/guided";
import { useSheetControls } from "../../navigation/registry";
import { useKeyCache } from "../../state/useKeys";
import styles from "./Guided.module.css";
import { BrowserSteps, NewTokenField, PasteAlerts } from "./InBrowser";
import { usePastedToken } from "./usePastedToken";

interface CreateInBrowserProps {
  account: AccountView;
  /** The team that is shown; none for all. */
  team: string | null;
  /** The key that it is to be like. */
  like: KeyRow | null;
}

export function CreateInBrowser({ account, team, like }: CreateInBrowserProps) {
  const { close, sent, showToken } = useSheetControls();
  const cache = useKeyCache();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const [isLeaving, setLeaving] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const pasted = usePastedToken({
    account: account.id,
    field: input,
    onTaken: ({ token, tested, trouble, list }) => {
      cache.take(list);
      // Where the service lists keys, it knows more of this one.
      if (!isGuided(account)) sent(account.id);
      showToken(token, trouble, { tested });
    },
  });
  const send = (despiteDoubt: boolean) => {
    if (form.current === null) return;
    const data = new FormData(form.current);
    const text = (name: string) => {
      const value = data.get(name);
      return typeof value === "string" ? value : "";
    };
    const ofTeam = text("team") === "" ? null : text("team");
    const made = { kind: "created", name: text("name"), abilities: text("abilities"), team: ofTeam } as const;
    void pasted.send(made, despiteDoubt);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    send(false);
  };
  const dismiss = () => {
    if (isLeaving) setLeaving(false);
    else if ((input.current?.value ?? "") !== "") setLeaving(true);
    else close();
  };
  return (
    <Sheet
      title="Create API key in the browser"
      isBusy={pasted.isBusy}
      isHeld={pasted.isBusy}
      onDismiss={dismiss}
      footer={
        isLeaving ? (
          <Question
            question="The token that you pasted is not kept yet. The web screen shows it once."
            back="Back"
            onBack={() => setLeaving(false)}
            go="Discard"
            onGo={close}
          />
        ) : (
          <>
            <Button isDisabled={pasted.isBusy} onPress={dismiss}>
              Cancel
            </Button>
            <FooterGap />
            <Button type="submit" form={id} look="primary" isPending={pasted.isBusy}>
              Keep the token
            </Button>
          </>
        )
      }
    >
      <BrowserSteps account={account.id}>
        <li>
          Press <b>Create API Key</b>.
        </li>
        <li>Give it a name and choose its abilities. They can’t be changed later.</li>
        <li>
          Press <b>Create</b>. The whole token is displayed once: copy it.
        </li>
      </BrowserSteps>
      <form ref={form} id={id} className={styles.form} noValidate onSubmit={submit}>
        <Field
          label="Name"
          name="name"
          defaultValue={like?.name ?? ""}
          error={pasted.errorAt("name")}
          help="As in the browser."
          autoFocus
        />
        <Field
          label="Abilities"
          name="abilities"
          isMono
          defaultValue={like?.abilities.join(", ") ?? ""}
          error={pasted.errorAt("abilities")}
          help="With commas between them. They may stay empty."
        />
        {account.teams.length > 1 && (
          <div className={field.field}>
            <label htmlFor={`${id}-team`} className={field.label}>
              Team
            </label>
            <select
              id={`${id}-team`}
              name="team"
              className={field.input}
              defaultValue={like?.team?.id ?? team ?? ""}
            >
              <option value="">Not known</option>
              {account.teams.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.name}
                </option>
              ))}
            </select>
          </div>
        )}
        <NewTokenField ref={input} pasted={pasted} />
      </form>
      <PasteAlerts pasted={pasted} onGoOn={() => send(true)} />
    </Sheet>
  );
}
