/**
 * Putting a token in place: the files that hold an older token of its key, each with what would change in it and a box to
 * tick; what is the user's own to change; and afterwards what became of each file and what has to be restarted.
 */
import type { TokenInCustody } from "../../bindings";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { InlineAlert } from "../../components/InlineAlert";
import { NameInTitle } from "../../components/Name";
import { Panel } from "../../components/Panel";
import { FooterGap, Sheet } from "../../components/Sheet";
import { countOf } from "../../lib/text";
import { ByHand, CiSecrets, PlanFiles, WrittenPlaces } from "../place";
import { OldPlaces } from "./OldPlaces";
import { usePlaces } from "./usePlaces";

interface PlaceSheetProps {
  token: TokenInCustody;
  onClose: () => void;
}

export function PlaceSheet({ token, onClose }: PlaceSheetProps) {
  const placing = usePlaces(token.id);
  const { plan, ticked, doing, failure, ended } = placing;
  const isHeld = doing === "put";
  const isBack = plan?.isBack ?? false;
  const oldKey = plan?.ofKey ?? token.key;
  return (
    <Sheet
      title={
        <>
          {isBack ? "Put the old token of " : "Put the token of "}
          <NameInTitle row={token} /> {isBack ? "back" : "in place"}
        </>
      }
      isBusy={doing !== null}
      isHeld={isHeld}
      onDismiss={onClose}
      status={isHeld ? "Writing the files…" : undefined}
      footer={
        ended === null ? (
          <>
            <Button isDisabled={isHeld} onPress={onClose}>
              Cancel
            </Button>
            <FooterGap />
            <Button
              look="primary"
              isPending={isHeld}
              isDisabled={plan === null || ticked.size === 0}
              onPress={placing.put}
            >
              {ticked.size === 0 ? "Write…" : `Write ${countOf(ticked.size, "file")}…`}
            </Button>
          </>
        ) : (
          <>
            <FooterGap />
            <Button look="primary" onPress={onClose}>
              Done
            </Button>
          </>
        )
      }
    >
      {ended !== null ? (
        <>
          <WrittenPlaces written={ended} />
          {/* The machine is searched again for what is left. */}
          {oldKey !== null && !isBack && (
            <OldPlaces account={token.account} keyId={oldKey} lastEight={token.lastEight} startsByItself />
          )}
        </>
      ) : plan === null ? (
        doing === "look" && <p role="status">Looking at each file…</p>
      ) : (
        <>
          {plan.files.length === 0 ? (
            <Panel tone="calm">
              {plan.searched
                ? isBack
                  ? "There is no file into which it can be put back."
                  : "No file with an older token of this key can be written."
                : "This machine was not searched for this key. Search it first."}
            </Panel>
          ) : (
            <PlanFiles files={plan.files} ticked={ticked} isFixed={isHeld} onTick={placing.tick} />
          )}
          {plan.byHand.length > 0 && <ByHand places={plan.byHand} />}
        </>
      )}
      <CiSecrets token={token.id} isFixed={isHeld} />
      <InlineAlert>
        {failure !== null && (
          <Banner
            tone="danger"
            actions={
              <Button isDisabled={doing !== null} onPress={placing.look}>
                Look again
              </Button>
            }
          >
            <p>{failure.message}</p>
            {failure.hint !== "" && <p>{failure.hint}</p>}
          </Banner>
        )}
      </InlineAlert>
    </Sheet>
  );
}
