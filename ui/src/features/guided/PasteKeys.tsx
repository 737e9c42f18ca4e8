/**
 * Keys of the web screen's table, or of a CSV file, into the user's own list: recognised in core, shown row by row with
 * what was not understood, and taken only where they are ticked. What is pasted never gets into the page: nobody knows
 * what else was copied.
 */
import { FileSearch } from "lucide-react";
import { useId, useRef, useState, type ClipboardEvent } from "react";
import type { AccountId, TableRequest, TableRow } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import field from "../../components/Field.module.css";
import { RowReview } from "../../components/RowReview";
import { FooterGap, Sheet } from "../../components/Sheet";
import { useToast } from "../../components/Toasts";
import { useHost } from "../../host/host";
import { countOf, forDisplay } from "../../lib/text";
import { dateOf } from "../../lib/time";
import { useSheetControls } from "../../navigation/registry";
import { useKeyCache } from "../../state/useKeys";
import { useSubmission } from "../../state/useSubmission";
import styles from "./Guided.module.css";

interface Read {
  rows: readonly TableRow[];
  notes: readonly string[];
}

/** What was understood of a row, for a second look. By the day: few web screens say more. */
function meaningOf({ key, problem, remarks, replaces }: TableRow): string {
  if (key === null) return problem ?? "";
  const used =
    key.lastUsedAt !== null
      ? `last used ${dateOf(key.lastUsedAt)}`
      : key.lastUseKnown
        ? "never used"
        : "last use not known";
  const facts = [
    key.abilities.length === 0 ? "no abilities given" : key.abilities.join(", "),
    used,
    key.createdAt === null ? null : `created ${dateOf(key.createdAt)}`,
    replaces ? "is in your list and is described anew" : null,
  ].filter((fact) => fact !== null);
  return [`${facts.join(" · ")}.`, ...remarks].join(" ");
}

function labelOf({ key, line }: TableRow): string {
  if (key === null) return `Line ${line}: not taken`;
  const { shown } = forDisplay(key.name);
  return `${shown === "" ? "(no name)" : shown} …${key.lastEight}`;
}

export function PasteKeys({ account }: { account: AccountId }) {
  const { close } = useSheetControls();
  const host = useHost();
  const cache = useKeyCache();
  const toast = useToast();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const { isBusy, failure, fail, send: submit } = useSubmission();
  const [read, setRead] = useState<Read | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set());

  const look = (request: TableRequest) =>
    submit(async () => {
      const outcome = await host.call("read_table", request);
      if (outcome.kind === "cancelled") return;
      setRead({ rows: outcome.rows, notes: outcome.notes });
      setTicked(new Set(outcome.rows.filter(({ key }) => key !== null).map(({ line }) => line)));
    });
  const send = (text: string) => {
    if (area.current !== null) area.current.value = "";
    if (text.trim() !== "") look({ kind: "text", account, text });
  };
  const paste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    send(value.slice(0, selectionStart) + event.clipboardData.getData("text") + value.slice(selectionEnd));
  };
  const chosen = read?.rows.filter(({ line }) => ticked.has(line)) ?? [];
  const add = () =>
    submit(async () => {
      const keys = chosen.flatMap(({ key }) => (key === null ? [] : [key]));
      const outcome = await host.call("note_keys", { account, keys });
      if (outcome.kind === "refused") {
        const message = outcome.problems[0]?.message ?? "This could not be added.";
        fail({ code: "other", message, hint: "Nothing was changed." });
      }
      if (outcome.kind !== "noted") return;
      cache.take(outcome.list);
      toast({ message: `${countOf(keys.length, "key")} in your list.` });
      close();
    });

  return (
    <Sheet
      title="Paste keys from the web screen"
      isBusy={isBusy}
      onDismiss={close}
      footer={
        <>
          <Button onPress={close}>Cancel</Button>
          <FooterGap />
          {read === null ? (
            <Button look="primary" isPending={isBusy} onPress={() => send(area.current?.value ?? "")}>
              Read it
            </Button>
          ) : (
            <>
              <Button onPress={() => setRead(null)}>Back</Button>
              <Button look="primary" isDisabled={chosen.length === 0} isPending={isBusy} onPress={add}>
                {`Add ${countOf(chosen.length, "key")}`}
              </Button>
            </>
          )}
        </>
      }
    >
      {read === null ? (
        <>
          <ol className={styles.steps}>
            <li>In the browser, open Settings → API Keys.</li>
            <li>Select the table, its headings too, and copy it.</li>
            <li>Paste it here. You see what was recognised before anything is added.</li>
          </ol>
          <div className={field.field}>
            <label htmlFor={id} className={field.label}>
              The table
            </label>
            <textarea
              ref={area}
              id={id}
              rows={6}
              className={`${field.input ?? ""} ${styles.area ?? ""}`}
              autoFocus
              autoComplete="off"
              spellCheck={false}
              onPaste={paste}
            />
          </div>
          <p>
            <Button isPending={isBusy} onPress={() => look({ kind: "choose", account })}>
              <FileSearch size="0.9375rem" aria-hidden="true" />
              Choose a CSV file…
            </Button>
          </p>
        </>
      ) : (
        <RowReview
          label="What was recognised"
          remarks={read.notes}
          rows={read.rows.map((row) => ({
            line: row.line,
            label: labelOf(row),
            meaning: meaningOf(row),
            isTaken: row.key !== null,
          }))}
          ticked={ticked}
          onTick={setTicked}
        />
      )}
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
