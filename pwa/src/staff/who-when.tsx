import { useLingui } from "@lingui/react";
import { longDateTimeText } from "#pwa/language/language.ts";
import { useSession } from "#pwa/local/index.ts";
import { useStaffName } from "./staff-name.ts";

/** "Maya Okafor, MD, Nov 22, 2026, 9:41 AM" */
export function WhoWhen({ by, at }: { readonly by: string; readonly at: string }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const name = useStaffName(by) || i18n._("Somebody who is not on this tablet");
  return <>{i18n._("{name}, {time}", { name, time: longDateTimeText(at, practice?.zone ?? "UTC") })}</>;
}
