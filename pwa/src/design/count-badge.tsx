import classes from "./count-badge.module.css";

interface CountBadgeProps {
  readonly count: number;
  /** What is counted, for those who hear it. */
  readonly words: string;
}

/** How much waits at a place; nothing where nothing does. */
export function CountBadge({ count, words }: CountBadgeProps) {
  if (count === 0) return null;
  return (
    <span className={classes.badge}>
      {count}
      <span className={classes.words}>{words}</span>
    </span>
  );
}
