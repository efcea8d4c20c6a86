import { createTabweave } from "tabweave";
import { scribble } from "./scribble.js";

/** The client that both tabs have. */
export const client = createTabweave({ namespace: "benches", operations: [scribble] });
