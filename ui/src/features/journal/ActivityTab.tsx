/** Settings → Activity: what was done from this machine, whether the record of it still holds, and taking it along. */
import { useMemo, useRef } from "react";
import { useAction } from "../../actions/useActions";
import type { GridHandle } from "../../components/useGrid";
import { ListSkeleton } from "../keys/ListStates";
import { SearchField } from "../keys/SearchField";
import { ActionFilter } from "./ActionFilter";
import styles from "./ActivityTab.module.css";
import { ChainResult } from "./ChainResult";
import {
  actionsIn,
  filterEntries,
  hasManyAccounts,
  isFiltering,
  noFilter,
  type JournalFilter,
} from "./entries";
import { ExportButtons, ExportFailed } from "./Export";
import { JournalFooter } from "./JournalFooter";
import { NothingHappened, NothingMatches, ReadFailed, RereadFailed } from "./JournalStates";
import { JournalTable } from "./JournalTable";
import { useExport } from "./useExport";
import { useJournal } from "./useJournal";

interface ActivityTabProps {
  filter: JournalFilter;
  onFilter: (filter: JournalFilter) => void;
}

export function ActivityTab({ filter, onFilter }: ActivityTabProps) {
  const { journal, readAt, isReading, error, read } = useJournal();
  const saving = useExport();
  const table = useRef<GridHandle>(null);
  const search = useRef<HTMLInputElement>(null);

  const entries = journal?.entries;
  const shown = useMemo(() => filterEntries(entries ?? [], filter), [entries, filter]);
  const actions = useMemo(() => actionsIn(entries ?? []), [entries]);
  const hasAccounts = useMemo(() => hasManyAccounts(entries ?? []), [entries]);

  useAction("list.refresh", read);
  useAction("list.search", () => {
    search.current?.focus();
    search.current?.select();
  });
  useAction("journal.csv", () => saving.start("csv"));
  useAction("journal.json", () => saving.start("json"));

  if (journal === undefined) {
    return error === null || isReading ? (
      <ListSkeleton said="Loading the journal…" />
    ) : (
      <ReadFailed error={error} onRetry={read} />
    );
  }
  const { chain } = journal;
  const total = journal.entries.length;
  const showAll = () => {
    onFilter(noFilter);
    search.current?.focus();
  };
  const showRow = (number: number) => {
    if (!shown.some((entry) => entry.number === number)) onFilter(noFilter);
    // After the rows that the filter hid are there again.
    requestAnimationFrame(() => table.current?.focusRow(String(number)));
  };
  return (
    <div className={styles.tab}>
      {error !== null && <RereadFailed error={error} readAt={readAt} isBusy={isReading} onRetry={read} />}
      {saving.error !== null && <ExportFailed error={saving.error} onDismiss={saving.dismiss} />}
      {total > 0 && (
        <>
          <ChainResult entries={journal.entries} chain={chain} onShow={showRow} />
          <div className={styles.bar}>
            <div className={styles.filters}>
              <SearchField
                ref={search}
                label="Search the journal by key"
                placeholder="Key’s name, last 8, id"
                value={filter.key}
                onChange={(key) => onFilter({ ...filter, key })}
                onLeave={() => table.current?.focusRow(null)}
              />
              <ActionFilter
                actions={actions}
                total={total}
                value={filter.action}
                onChange={(action) => onFilter({ ...filter, action })}
              />
            </div>
            <ExportButtons saving={saving} />
          </div>
        </>
      )}
      {total === 0 && <NothingHappened />}
      {total > 0 && shown.length === 0 && <NothingMatches filter={filter} onShowAll={showAll} />}
      {shown.length > 0 && (
        <JournalTable
          ref={table}
          entries={shown}
          hasAccounts={hasAccounts}
          brokenAt={chain.kind === "broken" ? chain.at : null}
          view={`${filter.action ?? ""} ${filter.key}`}
          isBusy={isReading}
        />
      )}
      <JournalFooter
        shown={shown.length}
        total={total}
        isFiltering={isFiltering(filter)}
        readAt={readAt}
        isReading={isReading}
        onRead={read}
      />
    </div>
  );
}
