import { forDisplay } from "./text";

/** "delete_key" as "Delete key". An action that a later version wrote reads well without being known here. */
export function actionInWords(action: string): string {
  const words = forDisplay(action.replaceAll("_", " ")).shown;
  return words.charAt(0).toUpperCase() + words.slice(1);
}
