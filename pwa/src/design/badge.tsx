import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./badge.module.css";

export type Tone = "plain" | "accent" | "good" | "warn" | "bad";

interface BadgeProps {
  readonly tone?: Tone;
  readonly icon?: Icon;
  readonly children: ReactNode;
}

/** A state in a word. Colour never stands alone: the word says it, the icon repeats it. */
export function StateBadge({ tone = "plain", icon: IconOf, children }: BadgeProps) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {IconOf && <IconOf size={16} stroke={2} aria-hidden />}
      {children}
    </span>
  );
}
