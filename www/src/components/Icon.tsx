const SHAPES = {
  planned: <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="2" />,
  live: <path d="M4.5 2.5v11l9-5.5z" fill="currentColor" />,
  paused: <path d="M4 3h3v10H4zM9 3h3v10H9z" fill="currentColor" />,
  completed: (
    <path
      d="M2.5 8.5l3.5 3.5 7.5-8"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.25"
      strokeLinecap="round"
    />
  ),
  basted: <path d="M0 8h4M6 8h4M12 8h4" fill="none" stroke="currentColor" strokeWidth="2.5" />,
  refused: <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" fill="none" stroke="currentColor" strokeWidth="2.25" />,
  online: (
    <path
      d="M1.5 6.5a9.5 9.5 0 0 1 13 0M4 9.5a6 6 0 0 1 8 0M8 12.5v.01"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
    />
  ),
  offline: (
    <path
      d="M2 2l12 12M1.5 6.5A9.5 9.5 0 0 1 5 4.3M8.5 3.8a9.5 9.5 0 0 1 6 2.7M8 12.5v.01"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
    />
  ),
  fold: <path d="M3 5.5L8 10.5l5-5" fill="none" stroke="currentColor" strokeWidth="2" />,
  turn: <path d="M2 8h11M9 3.5L13.5 8 9 12.5" fill="none" stroke="currentColor" strokeWidth="2" />,
  leader: <path d="M2 12.5l-.5-8L5 7l3-4.5L11 7l3.5-2.5-.5 8z" fill="currentColor" />,
  follower: (
    <path d="M3 5h10M3 11h10M6 2.5v11M10 2.5v11" fill="none" stroke="currentColor" strokeWidth="1.75" />
  ),
};

export type Shape = keyof typeof SHAPES;

/** A sign beside words that say the same; never alone, so it is hidden from screen readers. */
export function Icon({ shape }: { shape: Shape }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      {SHAPES[shape]}
    </svg>
  );
}
