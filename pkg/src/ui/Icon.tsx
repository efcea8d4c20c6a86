"use client";

import type { ReactElement } from "react";

const SHAPES = {
  before: (
    <circle
      cx="8"
      cy="8"
      r="4.75"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeDasharray="2.5 2"
    />
  ),
  mine: <circle cx="8" cy="8" r="5.5" fill="currentColor" />,
  theirs: <path d="M8 1.5 14.5 8 8 14.5 1.5 8Z" fill="currentColor" />,
  result: <path d="M2.5 8.5 6.5 12.5 13.5 4" fill="none" stroke="currentColor" strokeWidth="2.25" />,
  added: <path d="M8 2.5v11M2.5 8h11" stroke="currentColor" strokeWidth="2" />,
  removed: <path d="M2.5 8h11" stroke="currentColor" strokeWidth="2" />,
  moved: <path d="M4 6 8 2l4 4M4 10l4 4 4-4M8 2v12" fill="none" stroke="currentColor" strokeWidth="1.75" />,
  undo: (
    <path
      d="M6 3 2.5 6.5 6 10M2.5 6.5H10a3.5 3.5 0 0 1 0 7H7"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
    />
  ),
  redo: (
    <path
      d="M10 3 13.5 6.5 10 10M13.5 6.5H6a3.5 3.5 0 0 0 0 7H9"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
    />
  ),
};

/** A sign beside a word, which says the same. */
export function Icon({ name }: { name: keyof typeof SHAPES }): ReactElement {
  return (
    <svg className="tabweave-icon" data-icon={name} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  );
}
