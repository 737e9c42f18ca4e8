/**
 * How far a swap is: its way, what is known, and what can be done at this point of it. Every step can be gone back from, and
 * leaving it changes nothing. Deleting is for the usual card, which knows what was seen here.
 */
import { CircleCheck } from "lucide-react";
import { useId, useState, type ReactNode } from "react";
import type { SwapPlaceView, Swaps, SwapView, TokenInCustody, UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Choice } from "../../components/Choice";
import { InlineAlert } from "../../components/InlineAlert";
import { NameInTitle } from "../../components/Name";
import { Panel, type Tone } from "../../components/Panel";
import { Question } from "../../components/Question";
import { FooterGap, Sheet } from "../../components/Sheet";
import { uiErrorOf, useHost } from "../../host/host";
import { countOf } from "../../lib/text";
import { useSheetControls } from "../../navigation/registry";
import { useSheets } from "../../navigation/sheets";
import { useCustody } from "../../state/useCustody";
import { useSetSwaps, useSwaps } from "../../state/useSwaps";
import { OldPlaces, PlaceSheet } from "../custody";
import { QuietPeriod } from "./QuietPeriod";
import styles from "./Swap.module.css";
import { Timeline } from "./Timeline";

const choices = [1, 3, 7, 14, 30];

const tones: Record<SwapView["stage"], Tone> = {
  begun: "warning",
  placing: "calm",
  watching: "calm",
  woken: "warning",
  ready: "calm",
  gone: "calm",
};

export function SwapSheet({ swap, isArriving }: { swap: SwapView; isArriving: boolean }) {
  const { account, key, way, stage, sibling, places } = swap;
  const host = useHost();
  const { close } = useSheetControls();
  const { open } = useSheets();
  const { ask } = useSwaps();
  const { tokens, ask: askCustody } = useCustody();
  const setSwaps = useSetSwaps();
  const [doing, setDoing] = useState<string | null>(null);
  const [failure, setFailure] = useState<UiError | null>(null);
  const [isStopping, setStopping] = useState(false);
  /** The token that is being put into files. */
  const [placing, setPlacing] = useState<TokenInCustody | null>(null);
  const [placed, setPlaced] = useState(0);
  const isSwap = way === "swap";
  const isWatched = stage === "watching" || stage === "woken" || stage === "ready";
  const newToken = tokens?.find(({ id }) => id === sibling?.token) ?? null;
  const oldToken = tokens?.find(({ id }) => id === swap.oldToken) ?? null;

  /** Does something, and takes over how all of them are then. */
  const act = async (what: string, call: () => Promise<Swaps>, then?: () => void) => {
    setDoing(what);
    setFailure(null);
    try {
      setSwaps(await call());
      then?.();
    } catch (thrown) {
      setFailure(uiErrorOf(thrown));
    } finally {
      setDoing(null);
    }
  };
  const watch = (quietDays: number) =>
    void act("watch", () => host.call("watch_key", { account, key, quietDays }));
  const stop = () =>
    void act(
      "stop",
      () => host.call("stop_swap", { account, key }),
      () => {
        askCustody();
        close();
      },
    );
  // As long as it is not known to be quiet, that is not where this leads.
  const remove = (
    <Button
      look={stage === "ready" ? "danger" : "plain"}
      onPress={() => open({ kind: "delete", account, key })}
    >
      Delete key…
    </Button>
  );
  const main: Record<SwapView["stage"], ReactNode> = {
    begun: null,
    placing: (
      <Button look="primary" isPending={doing === "watch"} onPress={() => watch(swap.quietDays)}>
        All is in place: watch it
      </Button>
    ),
    watching: remove,
    woken: remove,
    ready: remove,
    gone: (
      <Button look="primary" isPending={doing === "stop"} onPress={stop}>
        Done
      </Button>
    ),
  };

  return (
    <Sheet
      title={
        <>
          {isSwap ? "Swap" : "Retire"} <NameInTitle row={swap} />
        </>
      }
      isBusy={doing !== null}
      isArriving={isArriving}
      onDismiss={isStopping ? () => setStopping(false) : close}
      footer={
        isStopping ? (
          <Question
            question={
              isSwap
                ? "Stop the swap? Both keys stay as they are, and so does what stands in the places. The old token leaves your keychain if it was there for the swap."
                : "Stop watching it? The key stays as it is."
            }
            back="Back"
            onBack={() => setStopping(false)}
            go={isSwap ? "Stop the swap" : "Stop watching"}
            onGo={stop}
            isBusy={doing === "stop"}
          />
        ) : (
          <>
            {stage !== "gone" && (
              <Button onPress={() => setStopping(true)}>{isSwap ? "Stop the swap…" : "Stop…"}</Button>
            )}
            <FooterGap />
            {stage !== "gone" && <Button onPress={close}>Close</Button>}
            {main[stage]}
          </>
        )
      }
    >
      <Timeline steps={swap.steps} />
      <Panel tone={tones[stage]} role="status">
        {swap.sentence}
      </Panel>
      {sibling !== null && stage === "placing" && (
        <section className={styles.section} aria-label="Token of the sibling">
          <div className={styles.buttons}>
            {newToken === null ? (
              <p className={styles.help}>
                The token of the sibling, …{sibling.lastEight}, is not with Pulse Keys any more: put it in
                place by hand.
              </p>
            ) : (
              <>
                <Button onPress={() => open({ kind: "reveal", token: newToken.id })}>
                  Open the token of the sibling…
                </Button>
                <span className={styles.help}>
                  For places that Pulse Keys does not see, such as a pipeline or another machine.
                </span>
              </>
            )}
          </div>
        </section>
      )}
      {places.length > 0 && stage !== "gone" && (
        <Places
          places={places}
          isFixed={doing !== null}
          onTick={(place, done) =>
            void act("tick", () =>
              host.call("tick_swap_place", { account, key, shortPath: place.shortPath, done }),
            )
          }
        />
      )}
      {(stage === "placing" || stage === "woken") && (
        <OldPlaces
          key={placed}
          account={account}
          keyId={key}
          lastEight={sibling?.lastEight ?? ""}
          startsByItself
          {...(newToken === null ? {} : { onPutInPlace: () => setPlacing(newToken) })}
        />
      )}
      {swap.canUndo && (
        <section className={styles.section} aria-label="Undo">
          <div className={styles.buttons}>
            {oldToken === null ? (
              <p className={styles.help}>
                To undo, put the old token back by hand: Pulse Keys does not hold it.
              </p>
            ) : (
              <>
                <Button onPress={() => setPlacing(oldToken)}>Put the old token back…</Button>
                <span className={styles.help}>Into the files that Pulse Keys wrote. You see each first.</span>
              </>
            )}
          </div>
        </section>
      )}
      {isWatched && (
        <QuietPeriod
          choices={choices}
          advised={swap.advisedDays}
          advice={`Advised by how the key was used before: ${countOf(swap.advisedDays, "day")}.`}
          chosen={swap.quietDays}
          isDisabled={doing !== null}
          onChoose={watch}
        />
      )}
      {isWatched && isSwap && (
        <p className={styles.buttons}>
          <Button
            isPending={doing === "unwatch"}
            onPress={() => void act("unwatch", () => host.call("unwatch_key", { account, key }))}
          >
            Back to its places
          </Button>
        </p>
      )}
      {placing !== null && (
        <PlaceSheet
          token={placing}
          onClose={() => {
            setPlacing(null);
            setPlaced((count) => count + 1);
            ask();
            askCustody();
          }}
        />
      )}
      <InlineAlert>
        {failure !== null && (
          <Banner tone="danger">
            <p>{failure.message}</p>
            {failure.hint !== "" && <p>{failure.hint}</p>}
          </Banner>
        )}
      </InlineAlert>
    </Sheet>
  );
}

interface PlacesProps {
  places: readonly SwapPlaceView[];
  isFixed: boolean;
  onTick: (place: SwapPlaceView, isDone: boolean) => void;
}

/** Where the new token is, and where the user says that it is. */
function Places({ places, isFixed, onTick }: PlacesProps) {
  const heading = useId();
  const done = places.filter((place) => place.done).length;
  return (
    <section aria-labelledby={heading} className={styles.places}>
      <h3 id={heading} className={styles.title}>
        {done} of {places.length} in place
      </h3>
      <ul aria-labelledby={heading} className={styles.list}>
        {places.map((place) => (
          <li key={place.shortPath}>
            {place.ours ? (
              <span className={styles.place}>
                <CircleCheck size="1rem" aria-hidden="true" />
                <bdi>{place.shortPath}</bdi>
                <span className={styles.muted}>written</span>
              </span>
            ) : (
              <Choice
                type="checkbox"
                label={<bdi>{place.shortPath}</bdi>}
                meaning={place.done ? "" : "Not written by Pulse Keys. Tick it when the new token is there."}
                isChosen={place.done}
                isDisabled={isFixed}
                onChange={(isDone) => onTick(place, isDone)}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
