/**
 * Putting a new token where the old one stands, as other features may draw and read it: the plan, what of it is ticked,
 * and what became of each file.
 */
export { ByHand, PlanFiles } from "./PlanFiles";
export { usePlan, usualFiles } from "./usePlan";
export { WrittenPlaces } from "./WrittenPlaces";
