import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import {
  IconCalendarX,
  IconChevronLeft,
  IconChevronRight,
  IconHourglass,
  IconKeyboard,
  IconPrinter,
  IconUserPlus,
  IconWalk,
} from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { addDays, instantIn } from "#domain/kernel/instant.ts";
import { dayText } from "#pwa/language/language.ts";
import { PatientFinder } from "#pwa/patient/index.ts";
import classes from "./board.module.css";
import type { Open } from "./board-sheets.tsx";

interface BoardBarProps {
  readonly zone: string;
  readonly date: string;
  readonly today: string;
  readonly mayWrite: boolean;
  readonly mayRegister: boolean;
  /** How many wait for an earlier time, and how many of the day do not come. */
  readonly waiting: number;
  readonly gone: number;
  readonly goTo: (date: string) => void;
  readonly show: (open: Open) => void;
  readonly walkIn: () => void;
  readonly openWaitList: () => void;
}

/** The day that is shown, the finder, and what begins without a card. */
export function BoardBar(props: BoardBarProps) {
  const { zone, date, today } = props;
  const { i18n } = useLingui();
  const navigate = useNavigate();
  return (
    <header className={classes.bar}>
      <h1 className={classes.title}>
        {dayText(instantIn(zone, date, "12:00"), zone)}
        {date === today && <span className={classes.today}>{i18n._("Today")}</span>}
      </h1>
      <Tools {...props} />
      <DayChoice {...props} />
      <div className={classes.finder}>
        <PatientFinder
          label={i18n._("Find a patient")}
          hideLabel
          floating
          shortcut="Ctrl K"
          onPick={({ id }) => void navigate({ to: "/patients/$patientId", params: { patientId: id } })}
        />
      </div>
    </header>
  );
}

function DayChoice({ date, today, goTo }: BoardBarProps) {
  const { i18n } = useLingui();
  return (
    <div className={classes.nav}>
      <button
        type="button"
        className={classes.arrow}
        aria-label={i18n._("Day before")}
        onClick={() => goTo(addDays(date, -1))}
      >
        <IconChevronLeft size={22} aria-hidden />
      </button>
      <button type="button" className={classes.arrow} disabled={date === today} onClick={() => goTo(today)}>
        {i18n._("Today")}
      </button>
      <button
        type="button"
        className={classes.arrow}
        aria-label={i18n._("Next day")}
        onClick={() => goTo(addDays(date, 1))}
      >
        <IconChevronRight size={22} aria-hidden />
      </button>
      <input
        type="date"
        className={classes.date}
        aria-label={i18n._("Go to a day")}
        value={date}
        onChange={(event) => {
          if (event.currentTarget.value) goTo(event.currentTarget.value);
        }}
      />
    </div>
  );
}

/** Every button keeps its place, whatever the day holds: nothing moves under a hand that is about to tap. */
function Tools(props: BoardBarProps) {
  const { date, today, mayWrite, mayRegister, waiting, gone, show, walkIn, openWaitList } = props;
  const { i18n } = useLingui();
  return (
    <div className={classes.tools}>
      {mayWrite && (
        <Button leftSection={<IconWalk size={20} aria-hidden />} variant="default" onClick={walkIn}>
          {i18n._("Walk-in")}
        </Button>
      )}
      {mayRegister && (
        <Button
          leftSection={<IconUserPlus size={20} aria-hidden />}
          variant="default"
          onClick={() => show({ kind: "register" })}
        >
          {i18n._("New patient")}
        </Button>
      )}
      <Button
        leftSection={<IconHourglass size={20} aria-hidden />}
        variant="default"
        className={classes.count ?? ""}
        onClick={openWaitList}
      >
        {i18n._("Wait list {count}", { count: waiting })}
      </Button>
      <Button
        leftSection={<IconCalendarX size={20} aria-hidden />}
        variant="default"
        className={classes.count ?? ""}
        disabled={gone === 0}
        onClick={() => show({ kind: "gone" })}
      >
        {i18n._("Not coming {count}", { count: gone })}
      </Button>
      <Link
        to="/board/sheet"
        search={date === today ? {} : { day: date }}
        className={classes.arrow}
        aria-label={i18n._("Day sheet to print")}
      >
        <IconPrinter size={22} aria-hidden />
      </Link>
      <button
        type="button"
        className={classes.arrow}
        aria-label={i18n._("Keys of the board")}
        onClick={() => show({ kind: "help" })}
      >
        <IconKeyboard size={22} aria-hidden />
      </button>
    </div>
  );
}
