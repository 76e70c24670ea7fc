import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconUserPlus, IconUsers } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { can } from "#domain/access/can.ts";
import { dateIn } from "#domain/kernel/instant.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { Opening } from "#pwa/design/opening.tsx";
import { State } from "#pwa/design/state.tsx";
import { useSession } from "#pwa/local/index.ts";
import { PatientFinder } from "./finder/patient-finder.tsx";
import { usePatientsHere } from "./finder/patients-here.ts";
import { PatientLinks } from "./patient-links.tsx";
import classes from "./patients.module.css";
import { PatientsWithTwoValues } from "./two-values/patients-with-two-values.tsx";

/** How many of the latest registrations stand below the finder. */
const LATEST = 8;

/** Everybody of the practice: found while one types, on this tablet alone. */
export function PatientsPage() {
  const { i18n } = useLingui();
  const { user, practice } = useSession();
  const navigate = useNavigate();
  const { patients, ready } = usePatientsHere();
  const today = dateIn(practice?.zone ?? "UTC");
  const actor = user && ({ type: "user", id: user.id, role: user.role, deviceId: null } as const);
  if (!actor || !can(actor, "demographics:read").allowed)
    return <DeniedPage permission="demographics:read" />;
  const mayRegister = can(actor, "demographics:write").allowed;
  // Whoever has no number yet was registered on this tablet just now.
  const latest = patients
    .filter(({ mergedInto }) => mergedInto === null)
    .toSorted((a, b) => ((a.recordNumber ?? "~") < (b.recordNumber ?? "~") ? 1 : -1))
    .slice(0, LATEST);
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1 className={classes.title}>{i18n._("Patients")}</h1>
        {mayRegister && (
          <Button
            leftSection={<IconUserPlus size={20} aria-hidden />}
            onClick={() => void navigate({ to: "/patients/new" })}
          >
            {i18n._("New patient")}
          </Button>
        )}
      </header>
      <PatientFinder
        label={i18n._("Find a patient")}
        hideLabel
        onPick={({ id }) => void navigate({ to: "/patients/$patientId", params: { patientId: id } })}
        {...(mayRegister && {
          onRegister: () => void navigate({ to: "/patients/new" }),
        })}
      />
      <PatientsWithTwoValues patients={patients} today={today} />
      {patients.length > 0 ? (
        <>
          <h2 className={classes.subtitle}>{i18n._("Registered last")}</h2>
          <PatientLinks patients={latest} today={today} />
          <p className={classes.count}>
            {i18n._("{count, plural, one {# patient is} other {# patients are}} on this tablet.", {
              count: patients.filter(({ mergedInto }) => mergedInto === null).length,
            })}
          </p>
        </>
      ) : ready ? (
        <State icon={IconUsers} title={i18n._("No patients yet")}>
          {i18n._("Whom you register is found here by name, birth date, phone or record number.")}
        </State>
      ) : (
        <div className={classes.opening}>
          <Opening label={i18n._("Patients are being opened")} />
        </div>
      )}
    </div>
  );
}
