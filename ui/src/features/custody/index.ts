/** What other features show of putting tokens in place. */
export { OldPlaces } from "./OldPlaces";
export { PlaceSheet } from "./PlaceSheet";
