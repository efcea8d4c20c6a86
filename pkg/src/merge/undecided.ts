/** What a rule answers if somebody has to decide. */
export const UNDECIDED: unique symbol = Symbol.for("tabweave.undecided");
