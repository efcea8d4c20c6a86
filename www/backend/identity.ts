// Who a client says it is. There is no identity provider here, so a token's signature is not checked:
// this server listens on the loopback interface only and is made for development and tests.
import type { UserIdentity } from "convex/server";

export type Identity = Pick<UserIdentity, "subject" | "issuer" | "tokenIdentifier"> & Partial<UserIdentity>;

/** Reads the claims of a JSON Web Token. Throws with a sentence when it names nobody or has expired. */
export function identityOf(token: string): Identity {
  const claims = claimsOf(token);
  if (typeof claims.iss !== "string" || typeof claims.sub !== "string") {
    throw new Error("The token has no issuer (`iss`) or no subject (`sub`).");
  }
  if (typeof claims.exp === "number" && claims.exp * 1000 <= Date.now()) {
    throw new Error("The token has expired.");
  }
  return {
    issuer: claims.iss,
    subject: claims.sub,
    tokenIdentifier: `${claims.iss}|${claims.sub}`,
    ...(typeof claims.name === "string" ? { name: claims.name } : {}),
    ...(typeof claims.email === "string" ? { email: claims.email } : {}),
  };
}

function claimsOf(token: string): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    if (typeof claims === "object" && claims !== null) return claims as Record<string, unknown>;
  } catch {
    // Answered below: whatever is wrong with it, it is not a token.
  }
  throw new Error("The token is not a JSON Web Token.");
}
