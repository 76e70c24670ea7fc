import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { worksOn } from "#domain/appointment/index.ts";
import { instantIn } from "#domain/kernel/instant.ts";
import { dayText, timeText } from "#pwa/language/language.ts";
import type { WantedSlot } from "./free-times.ts";
import type { Clinic } from "./use-clinic.ts";
import { useNextFree } from "./use-next-free.ts";

interface NothingFreeProps {
  readonly clinic: Clinic;
  readonly wanted: Omit<WantedSlot, "start">;
  readonly date: string;
  /** What is said of a day on which the clinician works, but everything is taken. */
  readonly full: string;
  readonly onTake: (start: string) => void;
}

/** Why a day offers no time: everything is taken, or nobody is there. The next free time is one tap away. */
export function NothingFree({ clinic, wanted, date, full, onTake }: NothingFreeProps) {
  const { i18n } = useLingui();
  const next = useNextFree(clinic, wanted, date);
  const { zone } = clinic;
  return (
    <>
      <span>
        {worksOn(clinic.hoursOf(wanted.clinicianId), date)
          ? full
          : i18n._("{name} does not work on {day}.", {
              name: clinic.staff.get(wanted.clinicianId)?.name ?? "",
              day: dayText(instantIn(zone, date, "12:00"), zone),
            })}
      </span>
      {next && (
        <Button variant="light" onClick={() => onTake(next)}>
          {i18n._("Next free: {time}", {
            time: `${dayText(next, zone)}, ${timeText(next, zone)}`,
          })}
        </Button>
      )}
    </>
  );
}
