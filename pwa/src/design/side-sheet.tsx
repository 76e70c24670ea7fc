import { useLingui } from "@lingui/react";
import { Alert, Button, Drawer } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import type { FormEvent, ReactNode } from "react";
import { ClockNotice } from "./clock-notice.tsx";
import { type KeptForm, KeptLine } from "./kept-form.tsx";
import classes from "./side-sheet.module.css";
import type { Saving } from "./use-saving.ts";

interface SheetProps {
  readonly title: string;
  /** Whose it is: stands under the title on every clinical sheet. */
  readonly about?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

/** A panel from the side: what is behind it stays in sight. */
export function Sheet({ title, about, onClose, children, wide = false }: SheetProps) {
  const { i18n } = useLingui();
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={wide ? "46rem" : "34rem"}
      title={
        <>
          {title}
          {about && <span className={classes.about}>{about}</span>}
        </>
      }
      closeButtonProps={{ "aria-label": i18n._("Close"), size: 44 }}
      transitionProps={{ duration: 0 }}
      classNames={{
        header: classes.header!,
        title: classes.title!,
        body: classes.body!,
        content: classes.content!,
      }}
    >
      <ClockNotice />
      {children}
    </Drawer>
  );
}

interface SheetFormProps {
  readonly saving: Saving;
  readonly label: string;
  readonly children: ReactNode;
  readonly onCancel: () => void;
  /** Where leaving takes nothing back. */
  readonly cancelLabel?: string;
  readonly onSave: () => void;
  /** Why it cannot be saved yet; null when it can. */
  readonly missing?: string | null;
  readonly tone?: "normal" | "danger";
  /** What is typed in it; absent where nothing is. */
  readonly kept?: KeptForm;
}

/** Fields with one way on and one way back, both always in reach. Enter saves. */
export function SheetForm({
  saving,
  label,
  children,
  onCancel,
  cancelLabel,
  onSave,
  missing = null,
  tone = "normal",
  kept,
}: SheetFormProps) {
  const { i18n } = useLingui();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!missing) onSave();
  };
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <div className={classes.fields}>
        {kept && <KeptLine kept={kept} />}
        {children}
      </div>
      <footer className={classes.footer}>
        {saving.failure && (
          <Alert color="red" variant="light" role="alert" icon={<IconAlertCircle aria-hidden />}>
            {saving.failure}
          </Alert>
        )}
        <div className={classes.buttons}>
          {missing && <span className={classes.missing}>{missing}</span>}
          <Button variant="default" onClick={onCancel}>
            {cancelLabel ?? i18n._("Cancel")}
          </Button>
          <Button
            type="submit"
            loading={saving.busy}
            disabled={missing !== null}
            {...(tone === "danger" ? { color: "red" } : {})}
          >
            {label}
          </Button>
        </div>
      </footer>
    </form>
  );
}
