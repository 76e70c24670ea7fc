import { Button } from "@mantine/core";
import { type ReactNode, useId } from "react";
import classes from "./details.module.css";

/** Facts as pairs; empty ones are left out. */
export function Details({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {facts
        .filter(([, value]) => value !== "" && value !== null && value !== undefined)
        .map(([term, value]) => (
          <div key={term} className={classes.fact}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

interface SheetActionProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly icon?: ReactNode;
  readonly tone?: "main" | "normal" | "danger";
  /** Why it is not for this person; the button is then off and says so. */
  readonly refused?: string | null;
  readonly busy?: boolean;
}

/** What can be done with an entry. Where a role may not, the reason stands beside the button. */
export function SheetAction({
  label,
  onClick,
  icon,
  tone = "normal",
  refused = null,
  busy = false,
}: SheetActionProps) {
  const id = useId();
  return (
    <div className={classes.action}>
      <Button
        fullWidth
        variant={tone === "main" ? "filled" : "default"}
        leftSection={icon}
        loading={busy}
        disabled={refused !== null}
        {...(tone === "danger" && refused === null ? { className: classes.danger } : {})}
        {...(refused === null ? {} : { "aria-describedby": id })}
        onClick={onClick}
      >
        {label}
      </Button>
      {refused !== null && (
        <p id={id} className={classes.refused}>
          {refused}
        </p>
      )}
    </div>
  );
}

export const SheetActions = ({ children }: { readonly children: ReactNode }) => (
  <div className={classes.actions}>{children}</div>
);
