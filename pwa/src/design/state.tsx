import { Button, Skeleton } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./state.module.css";

interface StateProps {
  readonly icon: Icon;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: { readonly label: string; readonly onClick: () => void; readonly busy?: boolean };
  /** How the words are announced: a refusal or an error at once, an empty list when there is time. */
  readonly urgent?: boolean;
}

/** A whole screen or panel that has nothing to show, and says why and what can be done. */
export function State({ icon: IconOf, title, children, action, urgent = false }: StateProps) {
  return (
    <section className={classes.state} role={urgent ? "alert" : "status"}>
      <IconOf size={40} stroke={1.5} aria-hidden className={classes.icon} />
      <h2 className={classes.title}>{title}</h2>
      {children && <div className={classes.words}>{children}</div>}
      {action && (
        <Button variant="light" loading={action.busy ?? false} onClick={action.onClick}>
          {action.label}
        </Button>
      )}
    </section>
  );
}

/** Rows that are on their way: the list keeps its shape while it loads. */
export function LoadingRows({ rows = 3, label }: { readonly rows?: number; readonly label: string }) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={72} radius="md" mb="sm" className={classes.arriving ?? ""} />
      ))}
    </div>
  );
}
