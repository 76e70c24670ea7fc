import { useLingui } from "@lingui/react";
import { IconMapPinOff } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { State } from "#pwa/design/state.tsx";

export function NotFound() {
  const { i18n } = useLingui();
  const navigate = useNavigate();
  return (
    <State
      icon={IconMapPinOff}
      title={i18n._("There is nothing here")}
      action={{ label: i18n._("Go to the first screen"), onClick: () => void navigate({ to: "/" }) }}
    />
  );
}
