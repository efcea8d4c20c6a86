/**
 * What nobody has said the type of, as it comes out of `JSON.parse`. The components of apps read it as it was written;
 * a closed type would have each of them changed.
 */
export type Open = ReturnType<typeof JSON.parse>;

/** The id of an interaction: the `Id<"interactions">` of an app's Convex functions. */
export type InteractionId = string & { __tableName: "interactions" };
