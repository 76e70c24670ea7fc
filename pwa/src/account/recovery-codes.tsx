import { useLingui } from "@lingui/react";
import { Button, Modal, Stack } from "@mantine/core";
import { IconCheck, IconCopy, IconPrinter } from "@tabler/icons-react";
import { useState } from "react";
import { Tick } from "#pwa/design/dialog-form.tsx";
import classes from "./account.module.css";

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly username: string;
  readonly onDone: () => void;
}

/** Shown this once. It closes only by the word that they are put away: no tap beside it loses them. */
export function RecoveryCodes({ codes, username, onDone }: RecoveryCodesProps) {
  const { i18n } = useLingui();
  const [kept, setKept] = useState(false);
  const [copied, setCopied] = useState<"yes" | "no" | null>(null);
  const copy = () =>
    navigator.clipboard.writeText(codes.join("\n")).then(
      () => setCopied("yes"),
      () => setCopied("no"),
    );
  return (
    <Modal
      opened
      onClose={() => {}}
      title={i18n._("Your recovery codes")}
      centered
      size="lg"
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <Stack gap="md">
        <p className={classes.words}>
          {i18n._(
            "Each lets you in once, in place of a code from the app: for the day when the phone is lost. They are not shown again. Keep them away from this tablet.",
          )}
        </p>
        <p className={classes.hint}>{i18n._("JamEMR, user name {username}", { username })}</p>
        <ol className={classes.codes}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
        <div className={classes.end}>
          <span role="status" className={classes.hint}>
            {copied === "yes" && i18n._("Copied.")}
            {copied === "no" && i18n._("The browser does not copy here. Print them or write them down.")}
          </span>
          <Button
            variant="default"
            leftSection={
              copied === "yes" ? <IconCheck size={20} aria-hidden /> : <IconCopy size={20} aria-hidden />
            }
            onClick={copy}
          >
            {i18n._("Copy")}
          </Button>
          <Button
            variant="default"
            leftSection={<IconPrinter size={20} aria-hidden />}
            onClick={() => window.print()}
          >
            {i18n._("Print")}
          </Button>
        </div>
        <Tick label={i18n._("I have put them in a safe place")} checked={kept} onChange={setKept} />
        <div className={classes.end}>
          <Button disabled={!kept} onClick={onDone}>
            {i18n._("Done")}
          </Button>
        </div>
      </Stack>
    </Modal>
  );
}
