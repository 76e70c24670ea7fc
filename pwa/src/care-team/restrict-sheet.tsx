import { useLingui } from "@lingui/react";
import { useState } from "react";
import { clinicalRoles } from "#domain/access/roles.ts";
import { careTeamIdOf } from "#domain/care-team/index.ts";
import { Choices } from "#pwa/design/choice-chips.tsx";
import { SheetForm } from "#pwa/design/side-sheet.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { mutate, useRows, useSession } from "#pwa/local/index.ts";
import { PatientSheet } from "#pwa/patient/index.ts";
import { staffText } from "#pwa/staff/index.ts";
import { useCareTeam } from "./use-care-team.ts";

interface RestrictSheetProps {
  readonly patientId: string;
  readonly onClose: () => void;
}

/** Keeps a chart to those who treat the patient (C16). The one who sets it stays in the team. */
export function RestrictSheet({ patientId, onClose }: RestrictSheetProps) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const saving = useSaving();
  const { team } = useCareTeam(patientId);
  const { rows } = useRows("staff", { where: { active: true }, sort: "name" });
  const [members, setMembers] = useState<string[]>([...(team?.memberIds ?? [])]);
  const clinical = rows.filter(
    ({ id, roles }) => id !== user?.id && roles.some((role) => clinicalRoles.includes(role)),
  );
  const save = () =>
    saving.save(async () => {
      if (!user) return;
      await mutate("care-team.restrict", {
        id: careTeamIdOf(patientId),
        patientId,
        memberIds: [...new Set([user.id, ...members])],
      });
      say(i18n._("Chart restricted to its care team"));
      onClose();
    });
  return (
    <PatientSheet
      patientId={patientId}
      title={team ? i18n._("Change the care team") : i18n._("Restrict this chart")}
      onClose={onClose}
    >
      <SheetForm
        saving={saving}
        label={team ? i18n._("Save care team") : i18n._("Restrict chart")}
        onCancel={onClose}
        onSave={() => void save()}
      >
        <p style={{ margin: 0 }}>
          {i18n._(
            "Only the care team keeps the chart and its safety card on their tablets. Everybody else is refused, and each attempt is recorded. Lifting the restriction needs an approval.",
          )}
        </p>
        <Choices
          label={i18n._("Care team, besides you")}
          several
          options={clinical.map((person) => ({ value: person.id, label: staffText(person) }))}
          value={members}
          onChange={setMembers}
        />
      </SheetForm>
    </PatientSheet>
  );
}
