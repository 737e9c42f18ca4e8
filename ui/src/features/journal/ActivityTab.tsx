/** Settings → Activity: what was done from this machine, whether the record of it still holds, and taking it along. */
import { useEffect, useMemo, useRef, useState } from "react";
import { SearchField } from "../../actions/SearchField";
import { useAction } from "../../actions/useActions";
import { Button } from "../../components/Button";
import { ListSkeleton } from "../../components/ListState";
import type { GridHandle } from "../../components/useGrid";
import { ActionFilter } from "./ActionFilter";
import styles from "./ActivityTab.module.css";
import { ChainResult } from "./ChainResult";
import { actionsIn, hasManyAccounts } from "./entries";
import { ExportButtons, ExportFailed } from "./Export";
import { isFiltering, noFilter, type JournalFilter } from "./filter";
import { JournalFooter } from "./JournalFooter";
import { NothingHappened, NothingMatches, ReadFailed, RereadFailed } from "./JournalStates";
import { JournalTable } from "./JournalTable";
import { useExport } from "./useExport";
import { useJournal, useVerification } from "./useJournal";

/** Rows above one that is led to, so that it doesn't stand alone. */
const ABOVE = 10;

interface ActivityTabProps {
  filter: JournalFilter;
  onFilter: (filter: JournalFilter) => void;
}

export function ActivityTab({ filter, onFilter }: ActivityTabProps) {
  /** Where the rows in sight begin, if not with the newest. */
  const [before, setBefore] = useState<number | null>(null);
  const { journal, readAt, isReading, error, read, readMore } = useJournal(filter, before);
  const { verified, progress, error: notVerified, verify } = useVerification();
  const saving = useExport();
  const table = useRef<GridHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const wanted = useRef<number | null>(null);
  const [led, setLed] = useState(0);

  const entries = journal?.entries;
  const actions = useMemo(() => actionsIn(entries ?? [], verified?.actions), [entries, verified]);
  const hasAccounts = useMemo(
    () => verified?.hasManyAccounts === true || hasManyAccounts(entries ?? []),
    [entries, verified],
  );

  // Led to a row that was not in sight: once it is there, it gets the focus.
  useEffect(() => {
    const number = wanted.current;
    if (number === null || isFiltering(filter) || entries === undefined) return;
    if (!entries.some((entry) => entry.number === number)) return;
    wanted.current = null;
    requestAnimationFrame(() => table.current?.focusRow(String(number)));
  }, [entries, filter, led]);

  const readAll = () => {
    read();
    verify();
  };
  useAction("list.refresh", readAll);
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
      <ReadFailed error={error} onRetry={readAll} />
    );
  }
  const { entries: shown, hasMore, total } = journal;
  const showAll = () => {
    onFilter(noFilter);
    search.current?.focus();
  };
  const showRow = (number: number) => {
    wanted.current = number;
    setLed(led + 1);
    // Also where the rows in sight have it: they may be about to make way for those that fit a new filter.
    if (isFiltering(filter)) onFilter(noFilter);
    if (!shown.some((entry) => entry.number === number)) {
      setBefore(number + ABOVE < total ? number + ABOVE + 1 : null);
    }
  };
  const filterBy = (changed: JournalFilter) => {
    setBefore(null);
    onFilter(changed);
  };
  return (
    <div className={styles.tab}>
      {error !== null && <RereadFailed error={error} readAt={readAt} isBusy={isReading} onRetry={readAll} />}
      {saving.error !== null && <ExportFailed error={saving.error} onDismiss={saving.dismiss} />}
      {total > 0 && (
        <>
          <ChainResult verified={verified} progress={progress} error={notVerified} onShow={showRow} />
          <div className={styles.bar}>
            <div className={styles.filters}>
              <SearchField
                ref={search}
                label="Search the journal by key"
                placeholder="Key’s name, last 8, id"
                value={filter.key}
                onChange={(key) => filterBy({ ...filter, key })}
                onLeave={() => table.current?.focusRow(null)}
              />
              <ActionFilter
                actions={actions}
                total={total}
                value={filter.action}
                onChange={(action) => filterBy({ ...filter, action })}
              />
            </div>
            {before !== null && <Button onPress={() => setBefore(null)}>Show the newest rows</Button>}
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
          brokenAt={verified?.chain.kind === "broken" ? verified.chain.at : null}
          view={`${filter.action ?? ""} ${filter.key} ${before ?? ""}`}
          isBusy={isReading}
          rowCount={hasMore && isFiltering(filter) ? null : hasMore ? total : shown.length}
          onNearEnd={readMore}
        />
      )}
      <JournalFooter
        shown={shown.length}
        hasMore={hasMore}
        total={total}
        isFiltering={isFiltering(filter)}
        readAt={readAt}
        isReading={isReading}
        onRead={readAll}
      />
    </div>
  );
}
