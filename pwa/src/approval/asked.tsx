import { useLingui } from "@lingui/react";
import type { Approval } from "#domain/approval/index.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { useRows, useSession } from "#pwa/local/index.ts";
import classes from "./approvals.module.css";

/** Why it is asked for, in the words of who asked, and when. */
export function Asked({ approval }: { readonly approval: Approval }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const { rows: staff } = useRows("staff");
  return (
    <>
      <p className={classes.reason}>“{approval.reason}”</p>
      <p className={classes.meta}>
        {i18n._("Asked by {name}, {when}", {
          name: staff.find(({ id }) => id === approval.requestedBy)?.name ?? i18n._("Somebody"),
          when: dateTimeText(approval.requestedAt, practice?.zone ?? "UTC"),
        })}
      </p>
    </>
  );
}
