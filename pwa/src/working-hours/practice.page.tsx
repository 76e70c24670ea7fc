import { useLingui } from "@lingui/react";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { can } from "#domain/access/can.ts";
import { newId } from "#domain/kernel/id.ts";
import type { Room } from "#domain/room/index.ts";
import type { Staff } from "#domain/staff/index.ts";
import type { VisitType } from "#domain/visit-type/index.ts";
import { type WorkingHours, workingHoursIdOf } from "#domain/working-hours/index.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { StateBadge } from "#pwa/design/badge.tsx";
import { KeptLine, useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { Opening } from "#pwa/design/opening.tsx";
import { say, ToastPlace } from "#pwa/design/toast.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { mutate, useRows, useSession } from "#pwa/local/index.ts";
import classes from "./practice.module.css";

const attempt = async (work: () => Promise<unknown>, words: string, undo?: () => Promise<unknown>) => {
  try {
    await work();
    say(words, undo);
    return true;
  } catch (error) {
    say(errorText(error));
    return false;
  }
};

/** What is booked, where patients wait, and who works when: the administrator's place. */
export function PracticePage() {
  const { i18n } = useLingui();
  const { user } = useSession();
  const actor = user && ({ type: "user", id: user.id, role: user.role, deviceId: null } as const);
  if (!actor || !can(actor, "directory:write").allowed) return <DeniedPage permission="directory:write" />;
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{i18n._("Practice")}</h1>
      <Hours />
      <div className={classes.columns}>
        <VisitTypes />
        <Rooms />
      </div>
      <ToastPlace />
    </div>
  );
}

function VisitTypes() {
  const { i18n } = useLingui();
  const { rows, ready } = useRows("visit-type", { sort: "name" });
  const kept = useKeptForm({ form: "visit-type" });
  const [name, setName] = useKept(kept, "name", "");
  const [minutes, setMinutes] = useKept(kept, "minutes", 15, { beside: true });
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted === "") return;
    await attempt(
      () => mutate("visit-type.add", { id: newId(), name: wanted, minutes }),
      i18n._("{name} can be booked.", { name: wanted }),
    );
    setName("");
  };
  return (
    <section className={classes.card}>
      <h2 className={classes.subtitle}>{i18n._("Visit types")}</h2>
      <p className={classes.hint}>{i18n._("Words that say nothing about health: the desk reads them.")}</p>
      {!ready && rows.length === 0 && <Opening label={i18n._("Visit types are being opened")} />}
      {ready && rows.length === 0 && (
        <p className={classes.none}>{i18n._("None yet. Nothing can be booked before the first one.")}</p>
      )}
      <ul className={classes.list}>
        {rows.map((type) => (
          <VisitTypeRow key={`${type.id} ${type.name} ${type.minutes}`} type={type} />
        ))}
      </ul>
      <KeptLine kept={kept} />
      <form className={classes.line} onSubmit={add}>
        <TextInput
          label={i18n._("New visit type")}
          maxLength={60}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Minutes label={i18n._("Minutes")} value={minutes} onChange={setMinutes} />
        <Button type="submit" variant="light" leftSection={<IconPlus size={18} aria-hidden />}>
          {i18n._("Add visit type")}
        </Button>
      </form>
    </section>
  );
}

interface MinutesProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (minutes: number) => void;
}

function Minutes({ label, value, onChange }: MinutesProps) {
  const steps = Array.from({ length: 12 }, (_, index) => String((index + 1) * 5));
  return (
    <NativeSelect
      size="md"
      label={label}
      value={String(value)}
      data={steps}
      onChange={(event) => onChange(Number(event.currentTarget.value))}
    />
  );
}

function VisitTypeRow({ type }: { readonly type: VisitType }) {
  const { i18n } = useLingui();
  const kept = useKeptForm({ form: "visit-type", of: type.id });
  const [name, setName] = useKept(kept, "name", type.name);
  const [minutes, setMinutes] = useKept(kept, "minutes", type.minutes);
  const changed = name.trim() !== type.name || minutes !== type.minutes;
  const change = async (next: VisitType) => {
    const changing = () => mutate("visit-type.change", next);
    if (await attempt(changing, i18n._("Changed."), () => mutate("visit-type.change", type))) kept.end();
  };
  return (
    <li className={classes.row} data-inactive={!type.active || undefined}>
      <KeptLine kept={kept} />
      <TextInput
        aria-label={i18n._("Name of {name}", { name: type.name })}
        maxLength={60}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        size="md"
        aria-label={i18n._("Minutes of {name}", { name: type.name })}
        value={String(minutes)}
        data={Array.from({ length: 12 }, (_, index) => String((index + 1) * 5))}
        onChange={(event) => setMinutes(Number(event.currentTarget.value))}
      />
      {changed && name.trim() !== "" ? (
        <Button onClick={() => void change({ ...type, name: name.trim(), minutes })}>{i18n._("Save")}</Button>
      ) : (
        <Button variant="subtle" onClick={() => void change({ ...type, active: !type.active })}>
          {type.active ? i18n._("Stop using") : i18n._("Use again")}
        </Button>
      )}
      {!type.active && <StateBadge tone="warn">{i18n._("Not in use")}</StateBadge>}
    </li>
  );
}

function Rooms() {
  const { i18n } = useLingui();
  const { rows, ready } = useRows("room", { sort: "name" });
  const kept = useKeptForm({ form: "room" });
  const [name, setName] = useKept(kept, "name", "");
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted === "") return;
    await attempt(
      () => mutate("room.add", { id: newId(), name: wanted }),
      i18n._("{name} can be used.", { name: wanted }),
    );
    setName("");
  };
  return (
    <section className={classes.card}>
      <h2 className={classes.subtitle}>{i18n._("Rooms")}</h2>
      {!ready && rows.length === 0 && <Opening label={i18n._("Rooms are being opened")} />}
      {ready && rows.length === 0 && (
        <p className={classes.none}>{i18n._("None yet. Visits work without rooms, too.")}</p>
      )}
      <ul className={classes.list}>
        {rows.map((room) => (
          <RoomRow key={`${room.id} ${room.name}`} room={room} />
        ))}
      </ul>
      <KeptLine kept={kept} />
      <form className={classes.line} onSubmit={add}>
        <TextInput
          label={i18n._("New room")}
          maxLength={60}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="light" leftSection={<IconPlus size={18} aria-hidden />}>
          {i18n._("Add room")}
        </Button>
      </form>
    </section>
  );
}

function RoomRow({ room }: { readonly room: Room }) {
  const { i18n } = useLingui();
  const kept = useKeptForm({ form: "room", of: room.id });
  const [name, setName] = useKept(kept, "name", room.name);
  const change = async (next: Room) => {
    const changing = () => mutate("room.change", next);
    if (await attempt(changing, i18n._("Changed."), () => mutate("room.change", room))) kept.end();
  };
  return (
    <li className={classes.row} data-inactive={!room.active || undefined}>
      <KeptLine kept={kept} />
      <TextInput
        aria-label={i18n._("Name of {name}", { name: room.name })}
        maxLength={60}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {name.trim() !== room.name && name.trim() !== "" ? (
        <Button onClick={() => void change({ ...room, name: name.trim() })}>{i18n._("Save")}</Button>
      ) : (
        <Button variant="subtle" onClick={() => void change({ ...room, active: !room.active })}>
          {room.active ? i18n._("Stop using") : i18n._("Use again")}
        </Button>
      )}
      {!room.active && <StateBadge tone="warn">{i18n._("Not in use")}</StateBadge>}
    </li>
  );
}

const weekdays = [1, 2, 3, 4, 5, 6, 7];

function Hours() {
  const { i18n } = useLingui();
  const { rows: staff } = useRows("staff", { sort: "name" });
  const { rows: hours, ready } = useRows("working-hours", {});
  const clinicians = staff.filter(({ active, roles }) => active && roles.includes("clinician"));
  const [chosen, setChosen] = useState("");
  const clinician = clinicians.find(({ id }) => id === chosen) ?? clinicians[0];
  return (
    <section className={classes.card}>
      <h2 className={classes.subtitle}>{i18n._("Working hours")}</h2>
      {!ready && !clinician && <Opening rows={7} label={i18n._("Working hours are being opened")} />}
      {ready && !clinician && (
        <p className={classes.none}>
          {i18n._("Nobody works as a clinician yet. Give somebody that role under People.")}
        </p>
      )}
      {clinician && (
        <>
          <NativeSelect
            size="md"
            className={classes.who ?? ""}
            label={i18n._("Clinician")}
            value={clinician.id}
            data={clinicians.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          <ul className={classes.list}>
            {weekdays.map((weekday) => (
              <DayHours
                key={`${clinician.id} ${weekday}`}
                clinician={clinician}
                weekday={weekday}
                hours={hours.find((one) => one.clinicianId === clinician.id && one.weekday === weekday)}
              />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

interface DayHoursProps {
  readonly clinician: Staff;
  readonly weekday: number;
  readonly hours: WorkingHours | undefined;
}

function DayHours({ clinician, weekday, hours }: DayHoursProps) {
  const { i18n } = useLingui();
  // 1 January 2024 was a Monday.
  const name = i18n.date(new Date(Date.UTC(2024, 0, weekday)), { weekday: "long", timeZone: "UTC" });
  const spans = hours?.spans ?? [];
  const set = (change: Partial<Pick<WorkingHours, "spans" | "capacity">>) => {
    const next: WorkingHours = {
      id: workingHoursIdOf(clinician.id, weekday),
      clinicianId: clinician.id,
      weekday,
      spans,
      capacity: hours?.capacity ?? 1,
      ...change,
    };
    void attempt(
      () => mutate("working-hours.set", next),
      i18n._("{day} of {name} changed.", { day: name, name: clinician.name }),
      hours ? () => mutate("working-hours.set", hours) : undefined,
    );
  };
  const setSpan = (at: number, part: Partial<WorkingHours["spans"][number]>) => {
    const next = spans.map((span, index) => (index === at ? { ...span, ...part } : span));
    if (next.every(({ from, to }) => from !== "" && to !== "" && from < to)) set({ spans: next });
  };
  const last = spans.at(-1);
  return (
    <li className={classes.day}>
      <strong className={classes.dayName}>{name}</strong>
      <div className={classes.spans}>
        {spans.length === 0 && <span className={classes.hint}>{i18n._("Does not work")}</span>}
        {spans.map((span, index) => (
          <span key={`${index} ${span.from} ${span.to}`} className={classes.span}>
            <input
              type="time"
              step={900}
              defaultValue={span.from}
              aria-label={i18n._("{day}: from", { day: name })}
              onBlur={(event) => {
                if (event.currentTarget.value !== span.from)
                  setSpan(index, { from: event.currentTarget.value });
              }}
            />
            –
            <input
              type="time"
              step={900}
              defaultValue={span.to}
              aria-label={i18n._("{day}: to", { day: name })}
              onBlur={(event) => {
                if (event.currentTarget.value !== span.to) setSpan(index, { to: event.currentTarget.value });
              }}
            />
            <Button
              variant="subtle"
              onClick={() => set({ spans: spans.filter((_, at) => at !== index) })}
              aria-label={i18n._("{day}: remove {from} to {to}", {
                day: name,
                from: span.from,
                to: span.to,
              })}
            >
              {i18n._("Remove")}
            </Button>
          </span>
        ))}
        {spans.length < 4 && (!last || last.to < "22:00") && (
          <Button
            variant="subtle"
            leftSection={<IconPlus size={18} aria-hidden />}
            aria-label={i18n._("{day}: add hours", { day: name })}
            onClick={() =>
              set({
                spans: [
                  ...spans,
                  last ? { from: last.to, to: later(last.to) } : { from: "08:00", to: "17:00" },
                ],
              })
            }
          >
            {i18n._("Add hours")}
          </Button>
        )}
      </div>
      <NativeSelect
        size="md"
        aria-label={i18n._("{day}: patients at the same time", { day: name })}
        value={String(hours?.capacity ?? 1)}
        data={["1", "2", "3", "4"].map((value) => ({
          value,
          label: i18n._("{value, plural, one {# patient} other {# patients}} at a time", {
            value: Number(value),
          }),
        }))}
        onChange={(event) => set({ capacity: Number(event.currentTarget.value) })}
      />
    </li>
  );
}

/** An hour after the beginning of the next free stretch. */
const later = (time: string): string =>
  `${String(Number(time.slice(0, 2)) + 1).padStart(2, "0")}${time.slice(2)}`;
