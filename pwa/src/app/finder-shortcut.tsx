import { useEffect, useState } from "react";
import { can } from "#domain/access/can.ts";
import { useSession } from "#pwa/local/index.ts";
import { lazyPart } from "./lazy-part.tsx";

const FinderDialog = lazyPart(() =>
  import("#pwa/patient/finder/finder-dialog.tsx").then((module) => module.FinderDialog),
);

/** Ctrl+K (or ⌘K) finds a patient from every screen; its code comes when it is first asked for. */
export function FinderShortcut() {
  const { user } = useSession();
  const [open, setOpen] = useState(false);
  const allowed =
    user && can({ type: "user", id: user.id, role: user.role, deviceId: null }, "demographics:read").allowed;
  useEffect(() => {
    if (!allowed) return;
    const pressed = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      setOpen(true);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [allowed]);
  return allowed && open ? <FinderDialog onClose={() => setOpen(false)} /> : null;
}
