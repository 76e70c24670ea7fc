import { useLingui } from "@lingui/react";
import { Alert, Button, Textarea, TextInput } from "@mantine/core";
import { IconCheck, IconLock, IconPencil } from "@tabler/icons-react";
import { soundIdOf } from "#domain/capture/index.ts";
import { clinicalText } from "#pwa/design/clinical-text.ts";
import { useSaving } from "#pwa/design/use-saving.ts";
import { useRecorder, useSession } from "#pwa/local/index.ts";
import { CaptureRecorder } from "#pwa/recording/index.ts";
import classes from "./capture.module.css";
import { capturing } from "./capturing.ts";
import { useCaptureDraft } from "./use-capture-draft.ts";

/** Writing without reading, on a tablet whose offline time is over (C23): a free label and words for the clinic alone. */
export function CapturePage() {
  const { i18n } = useLingui();
  const { state } = useSession();
  const draft = useCaptureDraft();
  const saving = useSaving();
  const recorder = useRecorder();
  const typed = draft.label.trim() !== "" || draft.text.trim() !== "" || draft.begun;
  const empty = !typed && !draft.recorded;
  const putAway = async () => {
    const done = await saving.save(async () => {
      if (recorder.recordingId === soundIdOf(draft.id)) await recorder.actions.stop();
      await draft.save();
    });
    if (done) capturing.set(false);
  };
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <h1 className={classes.title}>{i18n._("Write something down")}</h1>
        <p className={classes.words}>
          <IconLock size={20} aria-hidden />
          {i18n._(
            "This is sealed for the clinic. Once it is put away nobody can read it on this tablet, you included. A nurse or clinician puts it into the right chart, under your name.",
          )}
        </p>
        {(state === "unlocked" || state === "reauth") && (
          <Alert color="green" variant="light" role="status">
            {i18n._("The clinic answers again. Put this away, then go on as usual.")}
          </Alert>
        )}
        {(draft.failure ?? saving.failure) && (
          <Alert color="red" variant="light" role="alert">
            {draft.failure ?? saving.failure}
          </Alert>
        )}
        <TextInput
          size="md"
          label={i18n._("Who or what is it about?")}
          description={i18n._("In your own words, for example: boy with a rash, room 2")}
          value={draft.label}
          maxLength={120}
          onChange={(event) => draft.write({ label: event.currentTarget.value })}
          autoFocus
          {...clinicalText}
        />
        <Textarea
          size="md"
          label={i18n._("What happened?")}
          value={draft.text}
          maxLength={20_000}
          onChange={(event) => draft.write({ text: event.currentTarget.value })}
          autosize
          minRows={8}
          {...clinicalText}
        />
        <CaptureRecorder captureId={draft.id} made={draft.recorded} onBegun={draft.record} />
        <p role="status" className={classes.state} data-shown={typed}>
          {draft.saved ? <IconCheck size={20} aria-hidden /> : <IconPencil size={20} aria-hidden />}
          {draft.saved ? i18n._("Sealed on this tablet") : i18n._("Not sealed yet")}
        </p>
        <div className={classes.actions}>
          {empty ? (
            <Button size="md" variant="default" onClick={() => capturing.set(false)}>
              {i18n._("Back")}
            </Button>
          ) : (
            <Button size="md" loading={saving.busy} onClick={() => void putAway()}>
              {i18n._("Put away")}
            </Button>
          )}
        </div>
      </div>
    </main>
  );
}
