/** What is typed and ticked in the form for a new key, and what can be said of it without asking anybody. Pure. */
import type { AbilityPreset, CreateForm, KeyRow } from "../../bindings";

/** Stands for every ability, present and future. */
export const EVERYTHING = "*";

export interface Draft {
  name: string;
  abilities: ReadonlySet<string>;
}

export const emptyDraft: Draft = { name: "", abilities: new Set() };

/** Characters as the service counts them: a family of emoji is several, a surrogate pair is one. */
export function lengthOf(name: string): number {
  return Array.from(name.trim()).length;
}

/** A draft like an existing key, under a name that no other has. */
export function draftLike(row: KeyRow, names: readonly string[], longest: number): Draft {
  const taken = new Set(names.map((each) => each.trim()));
  const copyOf = (ending: string) => {
    const room = longest - lengthOf(ending) - 1;
    return `${Array.from(row.name.trim()).slice(0, room).join("").trimEnd()} ${ending}`.trim();
  };
  let name = copyOf("copy");
  for (let count = 2; taken.has(name); count += 1) name = copyOf(`copy ${count}`);
  return { name, abilities: new Set(row.abilities) };
}

export function isSameDraft(one: Draft, other: Draft): boolean {
  return one.name.trim() === other.name.trim() && isSameSet(one.abilities, other.abilities);
}

function isSameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && Array.from(one).every((each) => other.has(each));
}

/** Every ability of the form, in the service's order. */
export function offeredBy(form: CreateForm): string[] {
  return form.groups.flatMap(({ abilities }) => abilities.map(({ name }) => name));
}

/** The preset that makes just this choice. */
export function presetOf(form: CreateForm, abilities: ReadonlySet<string>): AbilityPreset | null {
  return form.presets.find((preset) => isSameSet(new Set(preset.abilities), abilities)) ?? null;
}

/** Groups with what matches a search, in names, meanings and the groups' own titles. */
export function searchGroups(form: CreateForm, search: string): CreateForm["groups"] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return form.groups;
  return form.groups
    .map(({ title, abilities }) => ({
      title,
      abilities: abilities.filter(({ name, meaning }) => {
        const text = `${title}\n${name}\n${meaning}`.toLowerCase();
        return wanted.every((word) => text.includes(word));
      }),
    }))
    .filter(({ abilities }) => abilities.length > 0);
}
