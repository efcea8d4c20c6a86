import { cronJobs } from "convex/server";
import { internal } from "./_generated/api.js";

const crons = cronJobs();

crons.daily("prune tabweave", { hourUTC: 3, minuteUTC: 0 }, internal.tabweave.pruneOutcomes, {});

export default crons;
