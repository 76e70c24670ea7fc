import { useLingui } from "@lingui/react";
import { useNavigate } from "@tanstack/react-router";
import { can } from "#domain/access/can.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { useSession } from "#pwa/local/index.ts";
import classes from "./demographics.module.css";
import { RegistrationForm } from "./registration-form.tsx";

/** A new patient, on a page of its own. */
export function RegistrationPage() {
  const { i18n } = useLingui();
  const { user } = useSession();
  const navigate = useNavigate();
  const actor = user && ({ type: "user", id: user.id, role: user.role, deviceId: null } as const);
  if (!actor || !can(actor, "demographics:write").allowed)
    return <DeniedPage permission="demographics:write" />;
  const open = (patientId: string) => void navigate({ to: "/patients/$patientId", params: { patientId } });
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{i18n._("New patient")}</h1>
      <div className={classes.card}>
        <RegistrationForm
          onDone={open}
          onKnown={({ id }) => open(id)}
          onCancel={() => void navigate({ to: "/patients" })}
        />
      </div>
    </div>
  );
}
