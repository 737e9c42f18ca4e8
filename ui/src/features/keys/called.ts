/** What a key is called in the name of a button: the last 8 characters where it has no name. */
import type { KeyRow } from "../../bindings";
import { forDisplay } from "../../lib/text";

export function calledOf({ name, lastEight }: Pick<KeyRow, "name" | "lastEight">): string {
  const { shown } = forDisplay(name);
  return shown === "" ? `…${lastEight}` : shown;
}
