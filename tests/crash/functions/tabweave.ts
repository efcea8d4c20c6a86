export { outcomes } from "tabweave/convex/server";
