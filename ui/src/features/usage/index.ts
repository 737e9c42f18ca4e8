/**
 * Where keys are used on this machine, as other features may draw and read it: the search, its report, and the parts of
 * which a card is put together.
 */
export { SkippedPlaces } from "./SkippedPlaces";
export { newer, usageOf } from "./report";
export { SearchProgress } from "./SearchProgress";
export { UsageFindings } from "./UsageFindings";
export { UsageSection } from "./UsageSection";
export { useUsageSearch, type UsageSearch } from "./useUsageSearch";
