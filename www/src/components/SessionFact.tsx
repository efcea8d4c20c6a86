import type { ReactNode } from "react";

type SessionFactProps = { name: string; tone?: "good" | "warn"; children: ReactNode };

export function SessionFact({ name, tone, children }: SessionFactProps) {
  return (
    <div className="session-fact" data-fact={name.toLowerCase()} data-tone={tone}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
