import { useLingui } from "@lingui/react";
import { can } from "#domain/access/can.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { useClinic, useDesk } from "#pwa/appointment/index.ts";
import { ToastPlace } from "#pwa/design/toast.tsx";
import { useSession } from "#pwa/local/index.ts";
import classes from "./wait-list.module.css";
import { WaitListPanel } from "./wait-list-panel.tsx";

/** The wait list on a page of its own. */
export function WaitListPage() {
  const { i18n } = useLingui();
  const { user } = useSession();
  const clinic = useClinic();
  const desk = useDesk(clinic);
  const actor = user && ({ type: "user", id: user.id, role: user.role, deviceId: null } as const);
  if (!actor || !can(actor, "schedule:read").allowed) return <DeniedPage permission="schedule:read" />;
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{i18n._("Wait list")}</h1>
      <WaitListPanel clinic={clinic} desk={desk} mayWrite={can(actor, "schedule:write").allowed} />
      <ToastPlace />
    </div>
  );
}
