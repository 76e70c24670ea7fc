import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Check, type Office, type Officer, offices, standingSchema } from "#domain/set-up/index.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { StateBadge } from "#pwa/design/badge.tsx";
import { AsOf, OnlineOnly } from "#pwa/design/online-only.tsx";
import { dateTimeText } from "#pwa/language/language.ts";
import { roleText } from "#pwa/language/role-text.ts";
import { useAnswer, useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { checkDetail, checkText } from "./check-words.ts";
import { AcceptDialog, DeclineDialog, NameDialog } from "./officer-dialogs.tsx";
import classes from "./set-up.module.css";

/** An officer who accepts elsewhere is seen here without a tap, in milliseconds. */
const AGAIN = 10_000;

type Open =
  | { readonly kind: "name"; readonly office: Office }
  | { readonly kind: "accept" | "decline"; readonly officer: Officer };

/** How far a new practice is: its officers, and what is ready for the first patient. */
export function SetUpPage() {
  const may = useMay();
  if (!may("set-up:read")) return <DeniedPage permission="set-up:read" />;
  return <SetUp />;
}

function SetUp() {
  const { i18n } = useLingui();
  const may = useMay();
  const answered = useAnswer("/api/set-up/standing", standingSchema, AGAIN);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const done = () => {
    close();
    answered.reload();
  };
  return (
    <>
      <header className={classes.head}>
        <h1 className={classes.title}>{i18n._("Setting up the practice")}</h1>
        <AsOf {...answered} />
      </header>
      <OnlineOnly answered={answered} label={i18n._("The set-up is being opened")}>
        {({ state, officers, checklist }) => (
          <>
            <p className={classes.words}>
              {state === "open"
                ? i18n._("The practice is open. Officers change by an approval from now on.")
                : may("set-up:name")
                  ? i18n._(
                      "Add the people of the practice, name the two officers, and let each of them sign in and accept. Then patients can be entered.",
                    )
                  : i18n._("When both officers have accepted, patients can be entered.")}
            </p>
            {state !== "open" && may("set-up:name") && (
              <Button component={Link} to="/people" variant="default">
                {i18n._("Add people")}
              </Button>
            )}
            <h2 className={classes.part}>{i18n._("Officers")}</h2>
            <ul className={classes.list}>
              {offices.map((office) => (
                <OfficeRow
                  key={office}
                  office={office}
                  officer={officers.find((one) => one.office === office)}
                  isOpen={state === "open"}
                  onOpen={setOpen}
                />
              ))}
            </ul>
            <h2 className={classes.part}>{i18n._("Before the first patient")}</h2>
            <ul className={classes.list}>
              {checklist.map((check) => (
                <CheckRow key={check.name} check={check} />
              ))}
            </ul>
            {open?.kind === "name" && (
              <NameDialog office={open.office} officers={officers} onClose={close} onDone={done} />
            )}
          </>
        )}
      </OnlineOnly>
      {open?.kind === "accept" && <AcceptDialog officer={open.officer} onClose={close} onDone={done} />}
      {open?.kind === "decline" && <DeclineDialog officer={open.officer} onClose={close} onDone={done} />}
    </>
  );
}

interface OfficeRowProps {
  readonly office: Office;
  readonly officer: Officer | undefined;
  readonly isOpen: boolean;
  readonly onOpen: (open: Open) => void;
}

function OfficeRow({ office, officer, isOpen, onOpen }: OfficeRowProps) {
  const { i18n } = useLingui();
  const may = useMay();
  const { user } = useSession();
  const stands = officer?.status === "named" || officer?.status === "accepted";
  const decides = !isOpen && officer?.status === "named" && officer.person.id === user?.id;
  return (
    <li className={classes.row}>
      <span className={classes.who}>
        <span className={classes.name}>{roleText(i18n, office)}</span>
        <span className={classes.meta}>
          {officer ? officer.person.name : isOpen ? "" : i18n._("Nobody is named yet")}
          {officer?.words && ` · ${officer.words}`}
        </span>
        {officer?.statement && <span className={classes.meta}>{officer.statement}</span>}
      </span>
      <OfficerBadge officer={officer} />
      <span className={classes.actions}>
        {decides && may("set-up:accept") && (
          <>
            <Button h={44} onClick={() => onOpen({ kind: "accept", officer })}>
              {i18n._("Accept")}
            </Button>
            <Button variant="default" h={44} onClick={() => onOpen({ kind: "decline", officer })}>
              {i18n._("Decline…")}
            </Button>
          </>
        )}
        {!isOpen && may("set-up:name") && officer?.status !== "accepted" && (
          <Button
            variant={stands ? "default" : "filled"}
            h={44}
            aria-label={`${stands ? i18n._("Name somebody else") : i18n._("Name")}: ${roleText(i18n, office)}`}
            onClick={() => onOpen({ kind: "name", office })}
          >
            {stands ? i18n._("Name somebody else") : i18n._("Name")}
          </Button>
        )}
      </span>
    </li>
  );
}

function OfficerBadge({ officer }: { readonly officer: Officer | undefined }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  if (!officer || officer.status === "replaced") return null;
  if (officer.status === "declined") return <StateBadge tone="bad">{i18n._("Has declined")}</StateBadge>;
  if (officer.status === "named") return <StateBadge tone="warn">{i18n._("Has to accept")}</StateBadge>;
  return (
    <StateBadge tone="good">
      {i18n._("Accepted {when}", {
        when: dateTimeText(officer.decidedAt ?? officer.namedAt, practice?.zone ?? "UTC"),
      })}
    </StateBadge>
  );
}

function CheckRow({ check }: { readonly check: Check }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const IconOf = check.done ? IconCircleCheck : IconCircleDashed;
  return (
    <li className={classes.row}>
      <IconOf
        size={24}
        stroke={2}
        className={check.done ? classes.done : classes.open}
        role="img"
        aria-label={check.done ? i18n._("Done") : i18n._("Not done")}
      />
      <span className={classes.who}>
        <span className={classes.name}>{checkText(i18n, check.name)}</span>
        <span className={classes.meta}>{checkDetail(i18n, check, practice?.zone ?? "UTC")}</span>
      </span>
    </li>
  );
}
