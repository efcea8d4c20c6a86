export { close, outcomes, pruneOutcomes } from "tabweave/convex/server";
