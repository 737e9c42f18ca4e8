/**
 * A key of the user's own list, by hand: what the web screen shows of it. Fields are read when they are sent; what is
 * wrong is said at its field, by core.
 */
import { useId, useRef, useState, type SubmitEvent } from "react";
import type { AccountView, FieldProblem, KeyRow, NoteField, UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import field from "../../components/Field.module.css";
import { FooterGap, Sheet } from "../../components/Sheet";
import { useToast } from "../../components/Toasts";
import { useHost } from "../../host/host";
import { useSheetControls } from "../../navigation/registry";
import { useKeyCache } from "../../state/useKeys";
import { useSubmission } from "../../state/useSubmission";
import styles from "./Guided.module.css";

interface NoteKeyProps {
  account: AccountView;
  /** The one that is described anew; none for another one. */
  row: KeyRow | null;
}

/** What each field is called in the form. */
const inputs: Record<NoteField, string> = {
  name: "name",
  last_eight: "lastEight",
  abilities: "abilities",
  last_used: "lastUsed",
  created: "created",
};

/** As the field reads it again: a time of UTC. */
function written(time: string | null): string {
  return time === null ? "" : time.slice(0, 16).replace("T", " ");
}

function lastUseOf(row: KeyRow | null): string {
  if (row?.lastUseKnown !== true) return "";
  return row.lastUsedAt === null ? "Never" : written(row.lastUsedAt);
}

export function NoteKey({ account, row }: NoteKeyProps) {
  const { close } = useSheetControls();
  const host = useHost();
  const cache = useKeyCache();
  const toast = useToast();
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  const { isBusy, failure, send } = useSubmission();
  const [problems, setProblems] = useState<readonly FieldProblem[]>([]);
  const errorAt = (name: NoteField): UiError | null => {
    const found = problems.find((problem) => problem.field === name);
    return found === undefined ? null : { code: "other", message: found.message, hint: "" };
  };

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const sent = form.current;
    if (sent === null) return;
    const data = new FormData(sent);
    const text = (name: string) => {
      const value = data.get(name);
      return typeof value === "string" ? value : "";
    };
    send(async () => {
      const outcome = await host.call("note_key", {
        account: account.id,
        key: row?.id ?? null,
        name: text("name"),
        lastEight: text("lastEight"),
        abilities: text("abilities"),
        team: text("team") === "" ? null : text("team"),
        lastUsed: text("lastUsed"),
        created: text("created"),
      });
      if (outcome.kind === "refused") {
        for (const { field, holdsToken } of outcome.problems) {
          // A secret has no business in the page.
          const input = holdsToken ? sent.elements.namedItem(inputs[field]) : null;
          if (input instanceof HTMLInputElement) input.value = "";
        }
        setProblems(outcome.problems);
        return;
      }
      if (outcome.kind === "noted") {
        cache.take(outcome.list);
        toast({ message: row === null ? "Added to your list." : "Changed in your list." });
      }
      close();
    });
  };

  return (
    <Sheet
      title={row === null ? "Add a key to your list" : "Edit in your list"}
      isBusy={isBusy}
      onDismiss={close}
      footer={
        <>
          <Button onPress={close}>Cancel</Button>
          <FooterGap />
          <Button type="submit" form={id} look="primary" isPending={isBusy}>
            {row === null ? "Add to list" : "Save"}
          </Button>
        </>
      }
    >
      <p>As the web screen shows it, under Settings → API Keys. Never paste a whole token here.</p>
      <form ref={form} id={id} className={styles.form} noValidate onSubmit={submit}>
        <Field label="Name" name="name" defaultValue={row?.name ?? ""} error={errorAt("name")} autoFocus />
        <Field
          label="Last 8 characters"
          name="lastEight"
          isMono
          defaultValue={row?.lastEight ?? ""}
          error={errorAt("last_eight")}
        />
        <Field
          label="Abilities"
          name="abilities"
          isMono
          defaultValue={row?.abilities.join(", ") ?? ""}
          error={errorAt("abilities")}
          help="With commas between them."
        />
        {account.teams.length > 1 && (
          <div className={field.field}>
            <label htmlFor={`${id}-team`} className={field.label}>
              Team
            </label>
            <select id={`${id}-team`} name="team" className={field.input} defaultValue={row?.team?.id ?? ""}>
              <option value="">Not known</option>
              {account.teams.map((team) => (
                <option key={team.id} value={team.id}>
                  {team.name}
                </option>
              ))}
            </select>
          </div>
        )}
        <Field
          label="Last used"
          name="lastUsed"
          defaultValue={lastUseOf(row)}
          error={errorAt("last_used")}
          help="“Never”, a date such as 2026-11-22, or “2 days ago”. Empty where you don’t know."
        />
        <Field
          label="Created"
          name="created"
          defaultValue={written(row?.createdAt ?? null)}
          error={errorAt("created")}
        />
      </form>
      <div role="alert">
        {failure !== null && (
          <Banner tone="danger">
            {failure.message} {failure.hint}
          </Banner>
        )}
      </div>
    </Sheet>
  );
}
