/**
 * Notes out of a CSV file: read in core, shown row by row with what each would replace, and written only where they are
 * ticked. What would take the place of a note is not ticked from the start.
 */
import { FileSearch } from "lucide-react";
import { useState } from "react";
import type { NotesRow } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { InlineAlert } from "../../components/InlineAlert";
import { RowReview } from "../../components/RowReview";
import { FooterGap, Sheet } from "../../components/Sheet";
import { useToast } from "../../components/Toasts";
import { useHost } from "../../host/host";
import { partsOf } from "../../lib/noteWords";
import { countOf } from "../../lib/text";
import { useSheetControls } from "../../navigation/registry";
import { useTakeNotes } from "../../state/useNotes";
import { useSubmission } from "../../state/useSubmission";
import styles from "./Notes.module.css";

interface Read {
  rows: readonly NotesRow[];
  remarks: readonly string[];
}

function meaningOf({ note, problem, replaces }: NotesRow): string {
  if (note === null) return problem ?? "";
  const words = `${partsOf(note).join(" · ")}.`;
  return replaces === null ? words : `${words} Replaces your note: ${partsOf(replaces).join(" · ")}.`;
}

function labelOf({ line, title, note }: NotesRow): string {
  const of = title === "" ? `Line ${line}` : title;
  return note === null ? `${of}: not taken` : of;
}

export function ImportNotes() {
  const { close } = useSheetControls();
  const host = useHost();
  const toast = useToast();
  const take = useTakeNotes();
  const { isBusy, failure, fail, send } = useSubmission();
  const [read, setRead] = useState<Read | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set());

  const choose = () =>
    send(async () => {
      const outcome = await host.call("read_notes", null);
      if (outcome.kind === "cancelled") return;
      setRead({ rows: outcome.rows, remarks: outcome.remarks });
      const isNew = ({ note, replaces }: NotesRow) => note !== null && replaces === null;
      setTicked(new Set(outcome.rows.filter(isNew).map(({ line }) => line)));
    });
  const notes = (read?.rows ?? []).flatMap(({ line, note }) =>
    note !== null && ticked.has(line) ? [note] : [],
  );
  const write = () =>
    send(async () => {
      const outcome = await host.call("import_notes", { notes });
      if (outcome.kind === "changed") {
        fail({ code: "other", message: outcome.message, hint: "" });
        return;
      }
      outcome.accounts.forEach(take);
      toast({ message: `${countOf(notes.length, "note")} imported.`, tone: "success" });
      close();
    });
  const chooser = (
    <Button look={read === null ? "primary" : "plain"} isPending={isBusy && read === null} onPress={choose}>
      <FileSearch size="0.9375rem" aria-hidden="true" />
      {read === null ? "Choose a CSV file…" : "Another file…"}
    </Button>
  );

  return (
    <Sheet
      title="Import notes"
      isBusy={isBusy}
      onDismiss={close}
      footer={
        <>
          <Button onPress={close}>Cancel</Button>
          <FooterGap />
          {chooser}
          {read !== null && read.rows.length > 0 && (
            <Button look="primary" isDisabled={notes.length === 0} isPending={isBusy} onPress={write}>
              {`Import ${countOf(notes.length, "note")}`}
            </Button>
          )}
        </>
      }
    >
      {read === null ? (
        <ol className={styles.steps}>
          <li>Export your notes: the table has a row for each key.</li>
          <li>Fill it in with any spreadsheet, and save it as CSV.</li>
          <li>Choose it here. You see what it would change before anything is written.</li>
        </ol>
      ) : (
        <RowReview
          label="What the table says"
          remarks={read.remarks}
          rows={read.rows.map((row) => ({
            line: row.line,
            label: labelOf(row),
            meaning: meaningOf(row),
            isTaken: row.note !== null,
          }))}
          ticked={ticked}
          onTick={setTicked}
        />
      )}
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
