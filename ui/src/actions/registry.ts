/**
 * What each action of the table does now, or why it can't; which keys stand for it; whether something modal is open.
 * One for the window. Views fill it through `useAction`; menu, palette and key presses run what is in it.
 */
import type { ShortcutPreferences } from "./shortcuts";
import { editingKeys, isChord, isPressing, isTyping, matches, type Pressed } from "./keys";
import { readings, typesOther } from "./layout";
import { actionIds, actionOf, type ActionId } from "./table";

/** What it does, or in a sentence why it can't. */
export type Offer = (() => void) | string;

/** What is offered by a view; it changes while the view is drawn anew. */
interface Offered {
  current: Offer;
  /** What it would be done to, where that is not in its title. */
  subject: string | null;
}

export interface ActionState {
  id: ActionId;
  title: string;
  keys: readonly string[];
  /** Why it can't run now; none when it can. */
  obstacle: string | null;
}

type Press = Pressed & Pick<KeyboardEvent, "target" | "preventDefault" | "defaultPrevented">;

/** Where an action of the list is meant: in a list, or nowhere else in particular. */
function isInList(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof Element && target.closest("[role=grid]") !== null);
}

export class Registry {
  readonly #offers = new Map<ActionId, Offered[]>();
  readonly #listeners = new Set<() => void>();
  #shortcuts: ShortcutPreferences = {};
  #modals = 0;
  #readers = 0;
  #keychainWait: string | null = null;
  #offline: string | null = null;
  #isOtherLayout = false;
  #isTelling = false;
  /** As last asked for: the same object for as long as nothing in it has changed. */
  readonly #states = new Map<ActionId, ActionState>();
  #all: readonly ActionState[] | null = null;

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Told once for all that changes together: a screen that comes offers some sixty actions, one after the other. */
  #changed() {
    this.#all = null;
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      for (const listener of this.#listeners) listener();
    });
  }

  /** Offers an action until the answer is called. The last one who offers it is asked. */
  offer(id: ActionId, offered: Offered): () => void {
    this.#offers.set(id, [...(this.#offers.get(id) ?? []), offered]);
    this.#changed();
    return () => {
      this.#offers.set(
        id,
        (this.#offers.get(id) ?? []).filter((each) => each !== offered),
      );
      this.#changed();
    };
  }

  /** The offer has become possible or impossible. */
  reconsider() {
    this.#changed();
  }

  /** Something modal is open until the answer is called: only what is always possible can be done. */
  readonly holdModal = () => {
    this.#modals += 1;
    this.#changed();
    return () => {
      this.#modals -= 1;
      this.#changed();
    };
  };

  readonly isModalOpen = () => this.#modals > 0;

  /** Keys are taken down until the answer is called: none of them does anything. */
  readonly holdKeys = () => {
    this.#readers += 1;
    return () => {
      this.#readers -= 1;
    };
  };

  /** Why nothing can be done that needs the keychain; none when it can. */
  setKeychainWait(reason: string | null) {
    if (this.#keychainWait === reason) return;
    this.#keychainWait = reason;
    this.#changed();
  }

  /** Why nothing can be changed at the service now; none when it can. */
  setOffline(reason: string | null) {
    if (this.#offline === reason) return;
    this.#offline = reason;
    this.#changed();
  }

  /** The user's own keys, in place of the table's. */
  setShortcuts(shortcuts: ShortcutPreferences) {
    this.#shortcuts = shortcuts;
    this.#changed();
  }

  keysOf(id: ActionId): readonly string[] {
    return this.#shortcuts[id] ?? actionOf(id).keys;
  }

  state(id: ActionId): ActionState {
    const [keys, obstacle] = [this.keysOf(id), this.#obstacle(id)];
    const before = this.#states.get(id);
    if (before?.keys === keys && before.obstacle === obstacle) return before;
    const now = { id, title: actionOf(id).title, keys, obstacle };
    this.#states.set(id, now);
    return now;
  }

  /** What it would be done to now. Not part of its state: it changes with every row that the focus passes. */
  subjectOf(id: ActionId): string | null {
    return this.#offers.get(id)?.at(-1)?.subject ?? null;
  }

  /** All that there are now, in the order of the table. */
  readonly states = () =>
    (this.#all ??= actionIds.filter((id) => !this.#isAbsent(id)).map((id) => this.state(id)));

  #isAbsent(id: ActionId): boolean {
    const { isOptional = false, missing } = actionOf(id);
    const offer = this.#offers.get(id)?.at(-1)?.current ?? missing;
    return isOptional && offer === missing;
  }

  #obstacle(id: ActionId): string | null {
    const { isAlways = false, needsKeychain = false, needsService = false, missing } = actionOf(id);
    if (this.#modals > 0 && !isAlways) return "Close what is open first.";
    const offer = this.#offers.get(id)?.at(-1)?.current ?? missing;
    if (typeof offer === "string") return offer;
    return (needsKeychain ? this.#keychainWait : null) ?? (needsService ? this.#offline : null);
  }

  /** Runs it if it can. */
  readonly run = (id: ActionId) => {
    if (this.#obstacle(id) !== null) return;
    const offer = this.#offers.get(id)?.at(-1)?.current;
    if (typeof offer === "function") offer();
  };

  /** A key was pressed, wherever: it shows what the keyboard types now. */
  readonly notice = ({ key }: Pick<Pressed, "key">) => {
    this.#isOtherLayout = typesOther(key) ?? this.#isOtherLayout;
  };

  #meant(press: Pressed): ActionId | undefined {
    return actionIds.find((each) => this.keysOf(each).some((keys) => matches(keys, press)));
  }

  /** A press as it is meant: what it types, unless that stands for nothing and where its key is may count. */
  readonly read = (event: Pressed): Pressed => {
    const ways = readings(event, this.#isOtherLayout);
    return ways.find((each) => this.#meant(each) !== undefined) ?? ways.at(-1) ?? event;
  };

  /** A key was pressed: runs what it stands for there. */
  readonly press = (event: Press) => {
    if (event.defaultPrevented || this.#readers > 0) return;
    const isPlain = !isChord(event);
    // Text, whatever it stands for elsewhere.
    if (isPlain && isTyping(event.target)) return;
    const read = this.read(event);
    const id = this.#meant(read);
    if (id === undefined) return;
    if (isPlain && [" ", "Enter"].includes(event.key) && isPressing(event.target)) return;
    if (actionOf(id).place === "list" && (isTyping(event.target) || !isInList(event.target))) {
      // Elsewhere it does nothing, and never what a browser takes it for: reloading the page.
      if (!isPlain && !editingKeys.some((keys) => matches(keys, read))) event.preventDefault();
      return;
    }
    // Text that is marked is what is meant to be copied.
    if (matches("mod+C", read) && getSelection()?.isCollapsed === false) return;
    // Esc belongs to whatever is open.
    if (event.key === "Escape" && this.#obstacle(id) !== null) return;
    event.preventDefault();
    this.run(id);
  };
}
