import { useLingui } from "@lingui/react";
import { Alert, Button, Group } from "@mantine/core";
import { IconAlertCircle, IconMicrophone } from "@tabler/icons-react";
import { useState } from "react";
import { type Companion, companions } from "#domain/recording/index.ts";
import { Choices } from "#pwa/design/choice-chips.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { type RecorderActions, useRecorder } from "#pwa/local/index.ts";
import { companionText } from "./consent-text.ts";
import classes from "./recorder.module.css";

interface ConsentProps {
  /** What the large button says. */
  readonly label: string;
  /** Something was recorded here before. */
  readonly again: boolean;
  readonly onBegin: (consent: Parameters<RecorderActions["begin"]>[0]["consent"]) => Promise<void>;
}

/** Who agrees to be recorded is asked before anything is (C17). */
export function Consent({ label, again, onBegin }: ConsentProps) {
  const { i18n } = useLingui();
  const { problem } = useRecorder();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const [others, setOthers] = useState<readonly Companion[]>([]);

  const begin = async (by: "patient" | "guardian") => {
    setBusy(true);
    setFailure(null);
    try {
      await onBegin({ by, others });
    } catch (error) {
      setFailure(errorText(error));
      setBusy(false);
    }
  };

  const words =
    failure ??
    (problem === "no_room" ? i18n._("There is no room for a new recording on this tablet.") : null);
  return (
    <>
      {words && (
        <Alert color="red" variant="light" role="alert" icon={<IconAlertCircle aria-hidden />}>
          {words}
        </Alert>
      )}
      {asked ? (
        <>
          <h3 className={classes.title}>{i18n._("Does the patient agree to be recorded?")}</h3>
          <p className={classes.words}>
            {i18n._("Ask everybody in the room. The sound stays inside this practice.")}
          </p>
          <Choices
            label={i18n._("Who else is in the room and agrees too?")}
            several
            options={companions.map((value) => ({ value, label: companionText(i18n, value) }))}
            value={others}
            onChange={setOthers}
          />
          <p className={classes.words}>{i18n._("If one of them does not agree, do not record.")}</p>
          <Group grow>
            <Button
              loading={busy}
              leftSection={<IconMicrophone size={20} aria-hidden />}
              onClick={() => begin("patient")}
            >
              {i18n._("Patient agrees")}
            </Button>
            <Button loading={busy} variant="light" onClick={() => begin("guardian")}>
              {i18n._("Guardian agrees")}
            </Button>
          </Group>
          <Button variant="subtle" disabled={busy} onClick={() => setAsked(false)}>
            {i18n._("Do not record")}
          </Button>
        </>
      ) : (
        <Button
          size="lg"
          fullWidth
          variant={again ? "light" : "filled"}
          leftSection={<IconMicrophone size={24} aria-hidden />}
          onClick={() => setAsked(true)}
        >
          {label}
        </Button>
      )}
    </>
  );
}
