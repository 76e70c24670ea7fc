import { useLingui } from "@lingui/react";
import { Alert, Button, Stack, Textarea } from "@mantine/core";
import { IconLifebuoy, IconPencil } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { emergencyLimits } from "#domain/emergency-access/index.ts";
import { PutAway, startCapturing } from "#pwa/capture/index.ts";
import { KeptLine, useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { SecretInput } from "#pwa/design/secret-input.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { useSession } from "#pwa/local/index.ts";
import { CutOffRecordings } from "#pwa/recording/index.ts";
import { DoorLayout } from "#pwa/session/door-layout.tsx";
import { useMay } from "#pwa/session/use-may.ts";
import { useSecondsUntil } from "#pwa/session/use-seconds-until.ts";

/** The time in which this tablet may show records without the clinic is over. Nothing was lost. */
export function ExpiredPage() {
  const { i18n } = useLingui();
  const { actions, emergencyLeft, accessEnded } = useSession();
  const may = useMay();
  const [asked, setAsked] = useState(false);
  return (
    <DoorLayout
      title={accessEnded ? i18n._("Your access has ended") : i18n._("This tablet has been away too long")}
      words={
        accessEnded
          ? i18n._(
              "The clinic has ended it. Records stay hidden. What you wrote here is sealed, is still sent, and a colleague looks at it.",
            )
          : i18n._(
              "Records stay hidden until the clinic answers again. What waits here is sealed and will still be sent.",
            )
      }
    >
      <CutOffRecordings />
      {asked ? (
        <EmergencyForm onLeave={() => setAsked(false)} />
      ) : (
        <Stack gap="md">
          <Button fullWidth onClick={() => actions.switchUser(null)}>
            {i18n._("Sign in with a password")}
          </Button>
          {may("capture:write") && !accessEnded && (
            <Button
              variant="default"
              fullWidth
              leftSection={<IconPencil size={20} aria-hidden />}
              onClick={startCapturing}
            >
              {i18n._("Write something down")}
            </Button>
          )}
          {may("emergency:begin") && !accessEnded && (
            <>
              <Button
                variant="default"
                fullWidth
                disabled={emergencyLeft === 0}
                leftSection={<IconLifebuoy size={20} aria-hidden />}
                onClick={() => setAsked(true)}
              >
                {i18n._("Emergency access")}
              </Button>
              {emergencyLeft === 0 && (
                <p>{i18n._("Emergency access is not possible any more. The clinic has to answer first.")}</p>
              )}
            </>
          )}
          <PutAway />
        </Stack>
      )}
    </DoorLayout>
  );
}

/** PIN and reason (C23). Nothing is opened before the report of it lies in the queue. */
function EmergencyForm({ onLeave }: { readonly onLeave: () => void }) {
  const { i18n } = useLingui();
  const { actions, emergencyLeft, pinWaitUntil } = useSession();
  const saving = useSaving();
  const wait = useSecondsUntil(pinWaitUntil);
  const failure =
    wait > 0
      ? i18n._("Too many wrong PINs. Try again in {wait, plural, one {# second} other {# seconds}}.", {
          wait,
        })
      : saving.failure;
  const kept = useKeptForm({ form: "emergency" });
  const [reason, setReason] = useKept(kept, "reason", "");
  const [pin, setPin] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await saving.save(() => actions.beginEmergency(pin, reason.trim()))) kept.end();
    else setPin("");
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <p>
          {i18n._(
            "{hours, plural, one {# hour} other {# hours}} with today's list and the safety cards. The privacy officer sees it and your reason.",
            { hours: emergencyLimits.hours },
          )}{" "}
          {i18n._(
            "{left, plural, one {# time left until the clinic answers.} other {# times left until the clinic answers.}}",
            { left: emergencyLeft },
          )}
        </p>
        {failure && (
          <Alert color="red" variant="light" role="alert">
            {failure}
          </Alert>
        )}
        <KeptLine kept={kept} />
        <Textarea
          size="md"
          label={i18n._("Why is it needed?")}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          minLength={3}
          maxLength={500}
          required
          autosize
          minRows={2}
          autoFocus
        />
        <SecretInput
          label={i18n._("PIN")}
          name="pin"
          autoComplete="off"
          value={pin}
          onChange={(event) => setPin(event.currentTarget.value)}
          disabled={wait > 0}
        />
        <Button
          type="submit"
          color="red"
          fullWidth
          loading={saving.busy}
          disabled={reason.trim().length < 3 || pin === ""}
        >
          {i18n._("Begin emergency access")}
        </Button>
        <Button variant="subtle" fullWidth onClick={kept.closing(onLeave)}>
          {i18n._("Back")}
        </Button>
      </Stack>
    </form>
  );
}
