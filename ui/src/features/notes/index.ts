/** What other features show of the user's notes. */
export { NoteSection } from "./NoteSection";
export { YourNote } from "./YourNote";
