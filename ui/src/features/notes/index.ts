/** What other features show of the user's notes. */
export { NoteLine } from "./NoteLine";
export { NoteSection } from "./NoteSection";
export { YourNote } from "./YourNote";
