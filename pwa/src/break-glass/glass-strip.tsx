import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconShieldLock } from "@tabler/icons-react";
import type { BreakGlass } from "#domain/break-glass/index.ts";
import { useSaving } from "#pwa/design/use-saving.ts";
import { mutate } from "#pwa/local/index.ts";
import { useSecondsUntil } from "#pwa/session/use-seconds-until.ts";
import classes from "./break-glass.module.css";
import { useChartDoor, useSkew } from "./use-chart-door.ts";

/** Minutes at the end in which the strip asks to finish. */
const SOON = 5;

/** Says all the while that a chart is open only because the glass was broken, and for how long; shuts it on a tap. */
export function GlassStrip({ patientId }: { readonly patientId: string }) {
  const { glass } = useChartDoor(patientId);
  return glass && <Running glass={glass} />;
}

function Running({ glass }: { readonly glass: BreakGlass }) {
  const { i18n } = useLingui();
  const saving = useSaving();
  const left = Math.ceil(useSecondsUntil(Date.parse(glass.until) + useSkew()) / 60);
  return (
    <section
      className={classes.strip}
      aria-label={i18n._("Broken glass")}
      data-soon={left <= SOON || undefined}
    >
      <IconShieldLock size={22} aria-hidden />
      <p className={classes.words}>
        <strong>
          {i18n._(
            "Restricted chart, open to you for {left, plural, one {# more minute} other {# more minutes}}",
            {
              left,
            },
          )}
        </strong>{" "}
        {left <= SOON
          ? i18n._("Finish what you are writing.")
          : i18n._("The privacy officer sees what you open and change.")}
        {saving.failure && <span role="alert"> {saving.failure}</span>}
      </p>
      <Button
        variant="default"
        loading={saving.busy}
        onClick={() => void saving.save(() => mutate("break-glass.end", { id: glass.id }))}
      >
        {i18n._("Close it now")}
      </Button>
    </section>
  );
}
