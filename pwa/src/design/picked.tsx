import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import classes from "./picked.module.css";

interface PickedProps {
  readonly title: string;
  readonly detail?: string;
  /** Back to the search; absent where it is fixed. */
  readonly onChange?: () => void;
}

/** What was chosen from a search. */
export function Picked({ title, detail, onChange }: PickedProps) {
  const { i18n } = useLingui();
  return (
    <div className={classes.picked}>
      <IconCheck size={22} stroke={2.2} aria-hidden className={classes.icon} />
      <span className={classes.words}>
        <strong>{title}</strong>
        {detail && <span className={classes.detail}>{detail}</span>}
      </span>
      {onChange && (
        <Button variant="subtle" h={44} onClick={onChange}>
          {i18n._("Change")}
        </Button>
      )}
    </div>
  );
}
