import { useLingui } from "@lingui/react";
import { Modal } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { can } from "#domain/access/can.ts";
import { useSession } from "#pwa/local/index.ts";
import { PatientFinder } from "./patient-finder.tsx";

/** The finder over whatever screen one is on. */
export function FinderDialog({ onClose }: { readonly onClose: () => void }) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const navigate = useNavigate();
  const mayRegister =
    user && can({ type: "user", id: user.id, role: user.role, deviceId: null }, "demographics:write").allowed;
  return (
    <Modal
      opened
      onClose={onClose}
      title={i18n._("Find a patient")}
      size="lg"
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": i18n._("Close"), size: 44 }}
    >
      <div style={{ minHeight: "22rem" }}>
        <PatientFinder
          label={i18n._("Find a patient")}
          hideLabel
          autoFocus
          onPick={({ id }) => {
            onClose();
            void navigate({ to: "/patients/$patientId", params: { patientId: id } });
          }}
          {...(mayRegister && {
            onRegister: () => {
              onClose();
              void navigate({ to: "/patients/new" });
            },
          })}
        />
      </div>
    </Modal>
  );
}
