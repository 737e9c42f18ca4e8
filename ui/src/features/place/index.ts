/**
 * Putting a new token where the old one stands, as other features may draw and read it: the plan, what of it is ticked,
 * and what became of each file; and the secrets of pipelines that can have the token too.
 */
export { CiBeforeRotation } from "./CiRepositories";
export { CiSecrets } from "./CiSecrets";
export { ByHand, PlanFiles } from "./PlanFiles";
export { usePlan, usualFiles } from "./usePlan";
export { WrittenPlaces } from "./WrittenPlaces";
