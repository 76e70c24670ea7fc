import { useLingui } from "@lingui/react";
import { PasswordInput, type PasswordInputProps } from "@mantine/core";

/** A field whose characters are dots until somebody wants to see them; the eye is a real button, for fingers and keys. */
export function SecretInput(props: PasswordInputProps) {
  const { i18n } = useLingui();
  return (
    <PasswordInput
      required
      withAsterisk={false}
      visibilityToggleButtonProps={{ "aria-label": i18n._("Show or hide what is typed"), tabIndex: 0 }}
      {...props}
    />
  );
}
