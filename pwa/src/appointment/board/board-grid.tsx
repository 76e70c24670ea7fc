// biome-ignore-all lint/a11y/useSemanticElements: cards lie over several rows, which a table cannot do
// biome-ignore-all lint/a11y/useKeyWithClickEvents: keys are heard by useBoardKeys
// biome-ignore-all lint/a11y/useFocusableInteractive: heads of rows and columns are read, not walked to
import { useLingui } from "@lingui/react";
import { IconLock, IconShieldCheck } from "@tabler/icons-react";
import { memo, type RefObject, useEffect, useMemo, useRef } from "react";
import { type Appointment, workedSpans } from "#domain/appointment/index.ts";
import { instant } from "#domain/kernel/instant.ts";
import type { Patient } from "#domain/patient/index.ts";
import type { Staff } from "#domain/staff/index.ts";
import { timeText } from "#pwa/language/language.ts";
import { similarNames } from "#pwa/patient/index.ts";
import { AppointmentCard, type CardActions } from "./appointment-card.tsx";
import classes from "./board.module.css";
import { type DayFrame, QUARTER, type Quarter, quarterOf, usualStart } from "./day-frame.ts";
import { type Place, placed, sideBySide } from "./lanes.ts";
import { type Dropped, useBoardDrag } from "./use-board-drag.ts";
import { type BoardKeys, useBoardKeys } from "./use-board-keys.ts";
import type { Clinic, ClinicDay } from "./use-clinic.ts";
import { useMinute } from "./use-minute.ts";
import { type BoardPromises, usePromises } from "./use-promises.ts";

export interface GridActions extends CardActions, BoardKeys {
  /** A free quarter hour was chosen. */
  pick(clinicianId: string, start: string): void;
  drop(dropped: Dropped): Promise<void>;
}

interface BoardGridProps {
  readonly frame: DayFrame;
  readonly clinic: Clinic;
  readonly day: ClinicDay;
  readonly columns: readonly Staff[];
  readonly mayWrite: boolean;
  readonly isToday: boolean;
  readonly actions: GridActions;
}

/** The day: a column for each clinician, a row for each quarter hour. */
export function BoardGrid({ frame, clinic, day, columns, mayWrite, isToday, actions }: BoardGridProps) {
  const { i18n } = useLingui();
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const landing = useRef<HTMLDivElement>(null);
  const landingTime = useRef<HTMLSpanElement>(null);
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  const cardActions = useMemo<CardActions>(
    () => ({
      open: (id) => latest.current.open(id),
      checkIn: (id) => latest.current.checkIn(id),
    }),
    [],
  );
  useBoardKeys({ canvas, frame, columns, day, actions: latest });
  useBoardDrag({
    scroller,
    canvas,
    landing,
    landingTime,
    frame,
    columns,
    enabled: mayWrite,
    day,
    actions: latest,
  });

  const cells = useCells(frame, clinic, day, columns);
  const { marks, promise } = usePromises(frame, clinic, day);
  useOpeningScroll(scroller, { frame, begins: cells.begins, ready: day.ready });
  const similar = useMemo(() => {
    const here = day.appointments.flatMap(({ patientId, status }) =>
      status === "cancelled" ? [] : (day.patients.get(patientId) ?? []),
    );
    return similarNames([...new Map(here.map((patient) => [patient.id, patient])).values()]);
  }, [day]);

  return (
    <div ref={scroller} className={classes.scroller}>
      <div className={classes.day}>
        <div
          ref={canvas}
          role="grid"
          aria-label={i18n._("Appointments")}
          aria-rowcount={frame.quarters.length + 1}
          className={classes.canvas}
          style={{
            gridTemplateColumns: `var(--gutter) repeat(${columns.length}, minmax(var(--column), 1fr))`,
          }}
          onClick={(event) => {
            const target = event.target as HTMLElement;
            const cell = target.closest<HTMLElement>("[data-cell]");
            if (cell && mayWrite && !target.closest("[data-card-root]"))
              actions.pick(cell.dataset.column!, cell.dataset.at!);
          }}
        >
          <div role="row" className={classes.row}>
            <div role="columnheader" className={classes.corner}>
              <span className={classes.hidden}>{i18n._("Time")}</span>
            </div>
            {columns.map((clinician) => (
              <ColumnHead
                key={clinician.id}
                clinician={clinician}
                count={cells.counts.get(clinician.id) ?? 0}
                works={cells.works.get(clinician.id) ?? true}
              />
            ))}
          </div>
          {frame.quarters.map((quarter, row) => (
            <BoardRow
              key={quarter.at}
              quarter={quarter}
              zone={frame.zone}
              columns={columns}
              off={cells.off[row] ?? ""}
              cards={cells.cards[row] ?? noCards}
              held={marks[row]}
              heldBefore={marks[row - 1]}
              promise={promise}
              clinic={clinic}
              patients={day.patients}
              similar={similar}
              waiting={day.waiting}
              mayWrite={mayWrite}
              isToday={isToday}
              actions={cardActions}
            />
          ))}
          <NowLine frame={frame} />
          <div ref={landing} className={classes.landing} hidden aria-hidden="true">
            <div className={classes.landingFill} />
          </div>
        </div>
        <span ref={landingTime} className={classes.landingTime} hidden aria-hidden="true" />
      </div>
    </div>
  );
}

interface CellCard {
  readonly appointment: Appointment;
  readonly place: Place;
}
const noCards: readonly CellCard[] = [];

interface Cells {
  /** Per row: which columns are outside their hours, as a string of `0` and `1`, so that equal rows are equal. */
  readonly off: readonly string[];
  readonly cards: readonly (readonly CellCard[] | undefined)[];
  readonly counts: ReadonlyMap<string, number>;
  readonly works: ReadonlyMap<string, boolean>;
  /** When the first person works or comes; the usual hours' beginning where nobody does. */
  readonly begins: number;
}

function useCells(
  frame: DayFrame,
  clinic: Clinic,
  { appointments, waiting }: ClinicDay,
  columns: readonly Staff[],
): Cells {
  const held = useMemo(
    () =>
      columns.map(({ id }) => {
        const mine = placed(
          appointments.filter(({ clinicianId }) => clinicianId === id),
          waiting,
        );
        return { id, mine, places: sideBySide(mine) };
      }),
    [appointments, waiting, columns],
  );
  return useMemo(() => {
    const cards: CellCard[][] = [];
    for (const { mine, places } of held)
      for (const { appointment, from } of mine) {
        const row = quarterOf(frame, from);
        cards[row] ??= [];
        cards[row].push({ appointment, place: places.get(appointment.id)! });
      }
    const spans = columns.map(({ id }) => {
      const hours = clinic.hoursOf(id);
      return hours.length === 0 ? null : workedSpans(frame.zone, hours, frame.date);
    });
    const starts = [
      ...spans.flatMap((open) => (open ?? []).map(({ from }) => from)),
      ...held.flatMap(({ mine }) => mine.map(({ from }) => from)),
    ];
    return {
      cards,
      begins: starts.length > 0 ? Math.min(...starts) : usualStart(frame),
      off: frame.quarters.map(({ at }) =>
        spans
          .map((open) =>
            open === null || open.some(({ from, to }) => at >= from && at + QUARTER <= to) ? "0" : "1",
          )
          .join(""),
      ),
      counts: new Map(held.map(({ id, mine }) => [id, mine.length])),
      works: new Map(columns.map(({ id }, index) => [id, spans[index] === null || spans[index]!.length > 0])),
    };
  }, [frame, clinic, held, columns]);
}

interface ColumnHeadProps {
  readonly clinician: Staff;
  readonly count: number;
  readonly works: boolean;
}

function ColumnHead({ clinician, count, works }: ColumnHeadProps) {
  const { i18n } = useLingui();
  return (
    <div role="columnheader" className={classes.head} data-head={clinician.id}>
      <span className={classes.headName}>
        {clinician.name}
        {clinician.suffix && <span className={classes.headSuffix}>, {clinician.suffix}</span>}
      </span>
      <span className={classes.headCount}>
        {works
          ? i18n._("{count, plural, one {# visit} other {# visits}}", { count })
          : i18n._("Not working on this day")}
      </span>
    </div>
  );
}

interface BoardRowProps {
  readonly quarter: Quarter;
  readonly zone: string;
  readonly columns: readonly Staff[];
  readonly off: string;
  readonly cards: readonly CellCard[];
  readonly held: BoardPromises["marks"][number];
  /** What the row above says of the same columns: a time is named where it begins. */
  readonly heldBefore: BoardPromises["marks"][number];
  readonly promise: BoardPromises["promise"];
  readonly clinic: Clinic;
  readonly patients: ReadonlyMap<string, Patient>;
  readonly similar: ReadonlySet<string>;
  readonly waiting: ReadonlySet<string>;
  readonly mayWrite: boolean;
  readonly isToday: boolean;
  readonly actions: CardActions;
}

const BoardRow = memo(function BoardRow(props: BoardRowProps) {
  const { quarter, zone, columns, off, cards, clinic, patients, similar, waiting, actions } = props;
  const { held, heldBefore, promise, mayWrite, isToday } = props;
  const { i18n } = useLingui();
  const heldWords = {
    mine: i18n._("Held for this desk"),
    others: i18n._("Held for another desk"),
  };
  const start = instant(quarter.at);
  const time = quarter.twice
    ? i18n.date(start, { hour: "numeric", minute: "2-digit", timeZone: zone, timeZoneName: "short" })
    : timeText(start, zone);
  return (
    <div
      role="row"
      className={classes.row}
      data-hour={quarter.hour || undefined}
      data-half={quarter.time.endsWith(":30") || undefined}
    >
      <div role="rowheader" aria-label={time} className={classes.time}>
        {quarter.hour && time}
      </div>
      {columns.map((clinician, index) => (
        <div
          key={clinician.id}
          role="gridcell"
          tabIndex={-1}
          className={classes.cell}
          data-cell
          data-stop={`cell:${clinician.id}:${quarter.at}`}
          data-column={clinician.id}
          data-at={start}
          data-off={off[index] === "1" || undefined}
          data-held={held?.get(clinician.id)}
          aria-label={[
            i18n._("{time}, {name}", { time, name: clinician.name }),
            held?.has(clinician.id) && heldWords[held.get(clinician.id)!],
          ]
            .filter(Boolean)
            .join(", ")}
        >
          {held?.has(clinician.id) && heldBefore?.get(clinician.id) !== held.get(clinician.id) && (
            <span className={classes.heldWord} aria-hidden="true">
              {held.get(clinician.id) === "mine" ? <IconShieldCheck size={15} /> : <IconLock size={15} />}
              {heldWords[held.get(clinician.id)!]}
            </span>
          )}
          {mayWrite && (
            <span className={classes.cellTime} aria-hidden="true">
              {time}
            </span>
          )}
          {cards.map(
            ({ appointment, place }) =>
              appointment.clinicianId === clinician.id && (
                <AppointmentCard
                  key={appointment.id}
                  appointment={appointment}
                  patient={patients.get(appointment.patientId)}
                  typeName={clinic.types.get(appointment.visitTypeId)?.name ?? ""}
                  roomName={clinic.rooms.find(({ id }) => id === appointment.roomId)?.name ?? ""}
                  zone={zone}
                  rowAt={quarter.at}
                  index={place.index}
                  count={place.count}
                  similar={similar.has(appointment.patientId)}
                  waiting={waiting.has(appointment.id)}
                  promise={promise(appointment.id)}
                  mayWrite={mayWrite}
                  isToday={isToday}
                  actions={actions}
                />
              ),
          )}
        </div>
      ))}
    </div>
  );
});

/** Where the day stands now. */
function NowLine({ frame }: { readonly frame: DayFrame }) {
  const at = useMinute();
  if (at < frame.from || at > frame.to) return null;
  return (
    <div
      className={classes.now}
      style={{ top: `calc(var(--head) + var(--quarter) * ${(at - frame.from) / QUARTER})` }}
    />
  );
}

/**
 * A day opens at now; any other, at the full hour in which its hours or its first appointment begin, whatever the day before it
 * was scrolled to. `begins` is an instant.
 */
function useOpeningScroll(
  scroller: RefObject<HTMLDivElement | null>,
  { frame, begins, ready }: { readonly frame: DayFrame; readonly begins: number; readonly ready: boolean },
): void {
  // The rows' beginning tells the whole day, when that is asked for, from the usual hours.
  const { date, from } = frame;
  const row = useRef(0);
  const first = quarterOf(frame, begins);
  row.current = Math.max(
    0,
    frame.quarters.findLastIndex(({ hour }, index) => hour && index <= first),
  );
  const opened = useRef("");
  useEffect(() => {
    const box = scroller.current;
    const day = `${date} ${from}`;
    // Once: whoever has scrolled or drags meanwhile stays where they are.
    if (!box || !ready || opened.current === day) return;
    // A frame later: the router first puts back what it remembers of the day before.
    const later = requestAnimationFrame(() => {
      opened.current = day;
      const line = box.querySelector<HTMLElement>(`.${classes.now}`);
      const [one, next] = box.querySelectorAll<HTMLElement>(`.${classes.time}`);
      const quarter = one && next ? next.offsetTop - one.offsetTop : 0;
      box.scrollTop = line ? line.offsetTop - box.clientHeight / 3 : row.current * quarter;
    });
    return () => cancelAnimationFrame(later);
  }, [scroller, date, from, ready]);
}
