/**
 * The user's note about a key. Fields are read when they are sent; what is wrong is said at its field, by core, and a field
 * that held a whole token is emptied.
 */
import { useId, useRef, useState, type SubmitEvent } from "react";
import type { AccountId, KeyNoteField, KeyNoteProblem, KeyRow, UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { InlineAlert } from "../../components/InlineAlert";
import { NameInTitle } from "../../components/Name";
import { FooterGap, Sheet } from "../../components/Sheet";
import { useToast } from "../../components/Toasts";
import { useHost } from "../../host/host";
import { useSheetControls } from "../../navigation/registry";
import { useNotes, useTakeNotes } from "../../state/useNotes";
import { useSubmission } from "../../state/useSubmission";
import styles from "./Notes.module.css";

/** What each field is called in the form. */
const inputs = {
  purpose: "purpose",
  owner: "owner",
  stored_in: "storedIn",
  review_on: "reviewOn",
} as const satisfies Record<KeyNoteField, string>;

export function EditNote({ account, row }: { account: AccountId; row: KeyRow }) {
  const { close } = useSheetControls();
  const host = useHost();
  const toast = useToast();
  const take = useTakeNotes();
  const notes = useNotes(account);
  const [before] = useState(() => notes.get(row.id));
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  const { isBusy, failure, send } = useSubmission();
  const [problems, setProblems] = useState<readonly KeyNoteProblem[]>([]);
  const errorAt = (name: KeyNoteField): UiError | null => {
    const found = problems.find(({ field }) => field === name);
    return found === undefined ? null : { code: "other", message: found.message, hint: "" };
  };

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const sent = form.current;
    if (sent === null) return;
    const { elements } = sent;
    const field = (name: KeyNoteField) => elements.namedItem(inputs[name]) as HTMLInputElement;
    send(async () => {
      const outcome = await host.call("edit_note", {
        account,
        key: row.id,
        purpose: field("purpose").value,
        owner: field("owner").value,
        storedIn: field("stored_in").value,
        reviewOn: field("review_on").value,
      });
      if (outcome.kind === "refused") {
        // A secret has no business in the page.
        for (const problem of outcome.problems) if (problem.holdsToken) field(problem.field).value = "";
        setProblems(outcome.problems);
        const [first] = outcome.problems;
        if (first !== undefined) field(first.field).focus();
        return;
      }
      take(outcome.notes);
      const isThere = outcome.notes.notes.some(({ key }) => key === row.id);
      toast({ message: isThere ? "Note saved." : "Note removed." });
      close();
    });
  };

  return (
    <Sheet
      title={
        <>
          Your note about <NameInTitle row={row} />
        </>
      }
      isBusy={isBusy}
      onDismiss={close}
      footer={
        <>
          <Button onPress={close}>Cancel</Button>
          <FooterGap />
          <Button type="submit" form={id} look="primary" isPending={isBusy}>
            Save note
          </Button>
        </>
      }
    >
      <p>
        It stays on this machine; PulseAPI never gets it.
        {before !== undefined && " Empty all fields to remove it."}
      </p>
      <form ref={form} id={id} className={styles.form} noValidate onSubmit={submit}>
        <Field
          label="What it is for"
          name={inputs.purpose}
          defaultValue={before?.purpose ?? ""}
          error={errorAt("purpose")}
          autoFocus
        />
        <Field
          label="Owner"
          name={inputs.owner}
          defaultValue={before?.owner ?? ""}
          error={errorAt("owner")}
          help="A person or a team to ask before it changes."
        />
        <Field
          label="Where its token is kept"
          name={inputs.stored_in}
          defaultValue={before?.storedIn ?? ""}
          error={errorAt("stored_in")}
          help="A password manager, a server, a dashboard. Never the token itself."
        />
        <Field
          label="Review on"
          name={inputs.review_on}
          defaultValue={before?.reviewOn ?? ""}
          error={errorAt("review_on")}
          help="A date such as 2027-03-01, or “in 3 months”. Empty for none."
        />
      </form>
      <InlineAlert>
        {failure !== null && (
          <Banner tone="danger">
            {failure.message} {failure.hint}
          </Banner>
        )}
      </InlineAlert>
    </Sheet>
  );
}
