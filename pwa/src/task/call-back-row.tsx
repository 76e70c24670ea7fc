import { useLingui } from "@lingui/react";
import { IconArrowsExchange } from "@tabler/icons-react";
import { useState } from "react";
import { CallBackNotice, type LostTime, useClinic } from "#pwa/appointment/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import classes from "./task.module.css";
import { HandOverForm } from "./task-form-part.tsx";

/** The same as on the board of the day: done here, it is done there. */
export function CallBackRow({ task }: { readonly task: LostTime }) {
  const { i18n } = useLingui();
  const may = useMay();
  const clinic = useClinic();
  const [handing, setHanding] = useState(false);
  return (
    <li className={classes.callBack}>
      <CallBackNotice task={task} clinic={clinic} mayOverbook={may("schedule:overbook")} />
      <button
        type="button"
        className={classes.tool}
        aria-label={i18n._("Hand over: {title}", { title: i18n._("Call back") })}
        onClick={() => setHanding(true)}
      >
        <IconArrowsExchange size={20} aria-hidden />
      </button>
      {handing && <HandOverForm task={task} onClose={() => setHanding(false)} />}
    </li>
  );
}
