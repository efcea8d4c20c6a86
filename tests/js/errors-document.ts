import { CODES, type CodeEntry } from "../../pkg/src/errors/codes.js";

/** ERRORS.md, made from the table of codes. */
export function errorsDocument(): string {
  const entries = Object.entries<CodeEntry>(CODES);
  const sections = entries.map(
    ([code, { cause, remedy, retryable }]) =>
      `## ${code}\n\nCause: ${cause}\n\nWhat to do: ${remedy}\n${retryable ? "\nThe same thing may work another time.\n" : ""}`,
  );
  return `${HEAD}\n${sections.join("\n")}`;
}

const HEAD = `# Errors and diagnostics

Everything that Tabweave throws, rejects with or reports is a \`TabweaveError\` with one of these codes:
\`error.code\` names it, \`error.cause\` is what was thrown underneath, \`error.retryable\` says whether the same
thing may work another time. Production builds leave the sentences out; the codes stay.

This file is made from \`pkg/src/errors/codes.ts\`.
`;
