/** Choosing what a key may do: presets to start from, then box by box, by resource and with a search. */
import { useId, useRef, useState, type KeyboardEvent, type Ref } from "react";
import type { AbilityPreset, CreateForm, UiError } from "../../bindings";
import { Banner } from "../../components/Banner";
import { PlainButton } from "../../components/PlainButton";
import { Choice } from "../../components/Choice";
import { SearchInput } from "../../components/SearchInput";
import styles from "./AbilityPicker.module.css";
import { EVERYTHING, offeredBy, presetOf, searchGroups } from "./draft";

interface AbilityPickerProps {
  form: CreateForm;
  chosen: ReadonlySet<string>;
  onChoose: (abilities: ReadonlySet<string>) => void;
  vanished: readonly string[];
  error: UiError | null;
  isDisabled: boolean;
  /** The first thing to go to when something is wrong here. */
  ref: Ref<HTMLInputElement>;
}

export function AbilityPicker(props: AbilityPickerProps) {
  const { form, chosen, onChoose, vanished, error, isDisabled, ref } = props;
  const id = useId();
  const [search, setSearch] = useState("");
  // What was chosen by hand before a preset took its place: letting go of the preset brings it back.
  const before = useRef<ReadonlySet<string>>(new Set());
  const preset = presetOf(form, chosen);
  const warning = preset?.warning ?? null;
  const hasAll = chosen.has(EVERYTHING);
  const groups = searchGroups(form, search);
  const amount = offeredBy(form).length;

  const toggle = (pressed: AbilityPreset, isChosen: boolean) => {
    if (preset === null) before.current = chosen;
    onChoose(isChosen ? new Set(pressed.abilities) : before.current);
  };
  const tick = (ability: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(ability);
    else next.delete(ability);
    before.current = next;
    onChoose(next);
  };

  return (
    <section
      role="group"
      aria-labelledby={`${id}-title`}
      aria-describedby={error === null ? `${id}-fixed` : `${id}-fixed ${id}-error`}
    >
      <div className={styles.head}>
        <h3 id={`${id}-title`} className={styles.heading}>
          Abilities
        </h3>
        <p role="status" className={styles.count}>
          {hasAll ? "everything" : `${chosen.size} of ${amount} chosen`}
        </p>
      </div>
      <p id={`${id}-fixed`} className={styles.fixed}>
        They can’t be changed. To change them later, create a new key and delete this one.
      </p>
      {form.presets.length > 0 && (
        <div role="group" aria-label="Presets" className={styles.presets}>
          {form.presets.map((each) => (
            <PlainButton
              key={each.title}
              className={styles.preset}
              aria-pressed={each === preset}
              isDisabled={isDisabled}
              onPress={() => toggle(each, each !== preset)}
            >
              {each.title}
            </PlainButton>
          ))}
        </div>
      )}
      <div role="status" className={styles.said}>
        {warning !== null && <Banner tone="warning">{warning}</Banner>}
      </div>
      <div id={`${id}-error`} role="alert" className={styles.said}>
        {vanished.length > 0 && (
          <Banner tone="warning">
            No longer offered, and unticked: <bdi className={styles.names}>{vanished.join(", ")}</bdi>
          </Banner>
        )}
        {error !== null && (
          <p className={styles.error}>
            {error.message} {error.hint}
          </p>
        )}
      </div>
      <div className={styles.box} data-invalid={error !== null || undefined}>
        <AbilitySearch value={search} onChange={setSearch} ref={ref} />
        {groups.map(({ title, abilities }) => (
          <div key={title} role="group" aria-label={title} className={styles.group}>
            <p className={styles.title}>{title}</p>
            {abilities.map(({ name, meaning }) => (
              <Choice
                key={name}
                type="checkbox"
                label={name}
                meaning={meaning}
                isMono
                isChosen={hasAll || chosen.has(name)}
                isDisabled={hasAll || isDisabled}
                onChange={(isChosen) => tick(name, isChosen)}
              />
            ))}
          </div>
        ))}
        {groups.length === 0 && (
          <p className={styles.nothing}>
            {amount === 0 ? (
              "The service names no abilities."
            ) : (
              <>
                No ability matches “<bdi>{search.trim()}</bdi>”.
              </>
            )}
          </p>
        )}
      </div>
    </section>
  );
}

interface AbilitySearchProps {
  value: string;
  onChange: (value: string) => void;
  ref: Ref<HTMLInputElement>;
}

function AbilitySearch({ value, onChange, ref }: AbilitySearchProps) {
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || value === "") return;
    // The first Esc is meant for what is typed here, not for the sheet.
    event.stopPropagation();
    onChange("");
  };
  return (
    <SearchInput
      ref={ref}
      className={styles.search}
      aria-label="Search abilities"
      placeholder="Search abilities"
      value={value}
      onChange={onChange}
      onKeyDown={onKey}
    />
  );
}
