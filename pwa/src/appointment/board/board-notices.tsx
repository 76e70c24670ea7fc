import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconSparkles } from "@tabler/icons-react";
import type { Appointment } from "#domain/appointment/index.ts";
import { timeText } from "#pwa/language/language.ts";
import type { FreeSlot } from "#pwa/wait-list/index.ts";
import classes from "./board.module.css";
import type { Open } from "./board-sheets.tsx";
import { NotPutBack } from "./not-put-back.tsx";
import { RefusedNotices } from "./refused-notices.tsx";
import { Taken } from "./taken.tsx";
import type { Dropped } from "./use-board-drag.ts";
import type { Refused } from "./use-board-moves.ts";
import type { Clinic } from "./use-clinic.ts";
import type { Desk } from "./use-desk.ts";

interface BoardNoticesProps {
  readonly clinic: Clinic;
  readonly desk: Desk;
  readonly mayWrite: boolean;
  readonly mayOverbook: boolean;
  readonly refused: Refused | null;
  /** The appointment that was refused a time just now. */
  readonly appointment: Appointment | undefined;
  readonly offer: FreeSlot | undefined;
  nameOf(appointment: Appointment): string;
  readonly onMove: (dropped: Dropped, overbookReason?: string) => Promise<void>;
  readonly onSettled: () => void;
  readonly show: (open: Open) => void;
}

/** What wants a decision: a refused time, here or at the clinic, and a time that came free. */
export function BoardNotices(props: BoardNoticesProps) {
  const { clinic, desk, mayWrite, mayOverbook, refused, appointment, offer, show, onSettled } = props;
  const { i18n } = useLingui();
  return (
    <>
      <RefusedNotices clinic={clinic} mayOverbook={mayOverbook} onMove={(id) => show({ kind: "move", id })} />
      {refused?.wanted === "putBack" && appointment && (
        <div className={classes.notice}>
          <NotPutBack
            appointment={appointment}
            name={props.nameOf(appointment)}
            clinic={clinic}
            desk={desk}
            mayOverbook={mayOverbook}
            nearest={refused.nearest}
            onSettled={onSettled}
          />
        </div>
      )}
      {refused?.wanted === "move" && appointment && <NotMoved {...props} refused={refused} />}
      {offer && mayWrite && (
        <div role="status" className={classes.offer}>
          <IconSparkles size={20} aria-hidden />
          <span>
            {i18n._("{time} with {name} came free, and somebody on the wait list fits.", {
              time: timeText(offer.start, clinic.zone),
              name: clinic.staff.get(offer.clinicianId)?.name ?? "",
            })}
          </span>
          <Button variant="filled" onClick={() => show({ kind: "wait", slot: offer })}>
            {i18n._("See who")}
          </Button>
        </div>
      )}
    </>
  );
}

function NotMoved(props: BoardNoticesProps & { readonly refused: Refused }) {
  const { clinic, mayOverbook, refused, appointment, onMove, onSettled, show } = props;
  const { i18n } = useLingui();
  return (
    <div className={classes.notice}>
      <Taken
        title={i18n._("{name} was not moved: {time} is taken.", {
          name: appointment ? props.nameOf(appointment) : "",
          time: timeText(refused.start, clinic.zone),
        })}
        clinic={clinic}
        slot={refused}
        nearest={refused.nearest}
        onTake={(start) => void onMove({ ...refused, start })}
        onOverbook={mayOverbook ? (reason) => void onMove(refused, reason) : undefined}
        onOther={() => {
          onSettled();
          show({ kind: "move", id: refused.id });
        }}
        onLeave={onSettled}
        leaveLabel={i18n._("Leave it where it is")}
      />
    </div>
  );
}
