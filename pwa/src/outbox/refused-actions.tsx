import { useLingui } from "@lingui/react";
import { Button, Group } from "@mantine/core";
import { useState } from "react";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import { isHandable } from "#domain/sync/review.ts";
import { useSaving } from "#pwa/design/use-saving.ts";
import { keepAtHand } from "#pwa/review/at-hand.ts";
import { PlaceLink } from "#pwa/review/place-link.tsx";
import { useMay } from "#pwa/session/use-may.ts";
import { HandOverDialog } from "./hand-over-dialog.tsx";
import { readableArgs } from "./readable-args.ts";

interface RefusedActionsProps {
  readonly mutation: PushedMutation;
  readonly patientId: string | null;
  /** Left out where it waits at the clinic already. */
  readonly onSendAgain?: () => Promise<unknown>;
  readonly handOver?: {
    readonly before: { readonly toId: string; readonly words: string } | null;
    readonly onHanded?: () => Promise<unknown>;
  };
  readonly onRemove: () => Promise<unknown>;
}

/** What can be done with something that the clinic refused: fix it where it belongs, send it again, hand it over, or let go. */
export function RefusedActions({
  mutation,
  patientId,
  onSendAgain,
  handOver,
  onRemove,
}: RefusedActionsProps) {
  const { i18n } = useLingui();
  const may = useMay();
  const saving = useSaving();
  const [handing, setHanding] = useState(false);
  return (
    <>
      {saving.failure && <p role="alert">{saving.failure}</p>}
      <Group>
        {onSendAgain && (
          <Button loading={saving.busy} onClick={() => void saving.save(onSendAgain)}>
            {i18n._("Send again")}
          </Button>
        )}
        {handOver && may("handover:give") && isHandable(mutation.name) && (
          <Button variant="default" disabled={saving.busy} onClick={() => setHanding(true)}>
            {i18n._("Hand to a colleague")}
          </Button>
        )}
        <Button variant="default" disabled={saving.busy} onClick={() => void saving.save(onRemove)}>
          {i18n._("Remove from this list")}
        </Button>
        <PlaceLink
          mutation={mutation}
          patientId={patientId}
          onFollow={() => {
            const { name, actor: authorId } = mutation;
            keepAtHand({ name, args: readableArgs(mutation), patientId, authorId, from: "/waiting" });
          }}
        />
      </Group>
      {handing && handOver && (
        <HandOverDialog
          mutation={mutation}
          patientId={patientId}
          before={handOver.before}
          onClose={() => setHanding(false)}
          {...(handOver.onHanded && { onHanded: handOver.onHanded })}
        />
      )}
    </>
  );
}
