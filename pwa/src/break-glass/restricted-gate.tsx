import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconShieldLock } from "@tabler/icons-react";
import { useState } from "react";
import { State } from "#pwa/design/state.tsx";
import { useConnection } from "#pwa/local/index.ts";
import { PatientBanner } from "#pwa/patient/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import classes from "./break-glass.module.css";
import { BreakGlassSheet } from "./index.ts";

/** In place of a chart that is restricted to others: that it is, and the one way in. */
export function RestrictedGate({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const may = useMay();
  const { offlineSince } = useConnection();
  const [asked, setAsked] = useState(false);
  return (
    <div className={classes.gate}>
      <PatientBanner patientId={patientId} />
      <State
        icon={IconShieldLock}
        title={i18n._("This chart is restricted to the patient's care team")}
        urgent
      >
        {i18n._("You are not in it, so neither the chart nor its safety card is on this tablet.")}
        {may("break-glass:begin") && (
          <div className={classes.way}>
            <p>
              {offlineSince
                ? i18n._("The clinic does not answer, so it cannot be opened now.")
                : i18n._("If you need it for this patient's care, you can open it for an hour and say why.")}
            </p>
            <Button color="red" size="md" disabled={offlineSince !== null} onClick={() => setAsked(true)}>
              {i18n._("Break the glass")}
            </Button>
          </div>
        )}
      </State>
      {asked && <BreakGlassSheet patientId={patientId} onClose={() => setAsked(false)} />}
    </div>
  );
}
