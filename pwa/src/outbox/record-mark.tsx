import { useLingui } from "@lingui/react";
import { IconAlertTriangle, IconCloudUp } from "@tabler/icons-react";
import { StateBadge } from "#pwa/design/badge.tsx";
import { useMark } from "#pwa/local/index.ts";

/** Where a record is, as long as it is not safe at the clinic. */
export function RecordMark({ id }: { readonly id: string }) {
  const { i18n } = useLingui();
  const mark = useMark(id);
  if (mark === "on-this-tablet")
    return (
      <StateBadge icon={IconCloudUp} tone="accent">
        {i18n._("On this tablet")}
      </StateBadge>
    );
  if (mark === "refused")
    return (
      <StateBadge icon={IconAlertTriangle} tone="bad">
        {i18n._("Refused")}
      </StateBadge>
    );
  return null;
}
