import { Button } from "@mantine/core";
import { useState } from "react";
import { errorText } from "#pwa/language/error-text.ts";

/** Passkeys belong to a name: at a bare address only the PIN and the password are offered. */
export const passkeysOffered = (): boolean =>
  typeof PublicKeyCredential !== "undefined" && !/^\[|^[\d.]+$/.test(location.hostname);

interface PasskeyButtonProps {
  readonly label: string;
  readonly use: () => Promise<void>;
  readonly onFailure: (words: string | null) => void;
}

export function PasskeyButton({ label, use, onFailure }: PasskeyButtonProps) {
  const [busy, setBusy] = useState(false);
  const start = () => {
    setBusy(true);
    onFailure(null);
    use()
      .catch((error: unknown) => onFailure(errorText(error)))
      .finally(() => setBusy(false));
  };
  return (
    <Button
      variant="default"
      fullWidth
      loading={busy}
      // Fetched a moment before the tap ends: some browsers ask for the finger only right after it.
      onPointerDown={() => void import("./passkeys.ts").catch(() => {})}
      onClick={start}
    >
      {label}
    </Button>
  );
}
