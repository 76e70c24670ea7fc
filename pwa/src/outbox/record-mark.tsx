import { useLingui } from "@lingui/react";
import { IconAlertTriangle, IconCloudUp } from "@tabler/icons-react";
import type { CollectionName } from "#domain/registry.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { useRow } from "#pwa/local/index.ts";

interface RecordMarkProps {
  readonly collection: CollectionName;
  readonly id: string;
}

/** Where a record is, as long as it is not safe at the clinic. */
export function RecordMark({ collection, id }: RecordMarkProps) {
  const { i18n } = useLingui();
  const { mark } = useRow(collection, id);
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
