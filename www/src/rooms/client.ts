import { createTabweave } from "tabweave";
import { convexSource } from "tabweave/convex";
import { api } from "../../convex/_generated/api.js";
import { advanceTurn } from "../operations/advanceTurn.js";
import { changeStatus } from "../operations/changeStatus.js";
import { createInteraction } from "../operations/createInteraction.js";
import { editNote } from "../operations/editNote.js";
import { convex } from "./convex.js";

export const operations = { advanceTurn, changeStatus, createInteraction, editNote };

export const client = createTabweave({
  source: convexSource(convex, { outcomes: api.tabweave.outcomes, close: api.tabweave.close }),
  operations: Object.values(operations),
});
