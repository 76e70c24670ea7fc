import { useLingui } from "@lingui/react";
import { IconShieldExclamation } from "@tabler/icons-react";
import { dateTimeText } from "#pwa/language/language.ts";
import { type HistoryRefusal, useSession } from "#pwa/local/index.ts";
import classes from "./history-strip.module.css";

/** The clinic's audit log is not what this tablet saw of it: why nothing new comes, and that nothing here is lost. */
export function HistoryStrip({ refusal }: { readonly refusal: HistoryRefusal }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const when = dateTimeText(refusal.at, practice?.zone ?? "UTC");
  return (
    <div className={classes.strip} role="alert">
      <IconShieldExclamation size={24} stroke={2} aria-hidden />
      <span>
        {i18n._(
          "The clinic's records may have been tampered with: since {when} its audit log is not what this tablet saw of it. Nothing is taken from the clinic or sent to it. What you do here is kept on this tablet. Call the security officer.",
          { when },
        )}
      </span>
    </div>
  );
}
