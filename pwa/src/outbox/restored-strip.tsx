import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { Restored } from "#domain/sync/protocol.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { local, useOutbox, useSession, useValue } from "#pwa/local/index.ts";
import classes from "./restored-strip.module.css";

/**
 * The clinic works with a backup's records: what this tablet gives back of its own, until whoever looks has seen that it is
 * done. Somebody who has nothing to give back is not told here.
 */
export function RestoredStrip({ restored }: { readonly restored: Restored }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const left = useOutbox().filter(({ givenBack, status }) => givenBack && status !== "refused");
  const held = left.filter(({ status }) => status === "held").length;
  const given = useValue(local().given) ?? 0;
  const [waited, setWaited] = useState(0);
  const most = Math.max(waited, given);
  const [seen, setSeen] = useState(0);
  const { length } = left;
  useEffect(() => setWaited((before) => Math.max(before, length)), [length]);
  if (most === 0 || (length === 0 && seen === most)) return null;
  const when = dateTimeText(restored.backupAt ?? restored.at, practice?.zone ?? "UTC");
  return (
    <div className={classes.strip} role="status">
      <IconHistory size={20} stroke={2} aria-hidden />
      <span>
        {i18n._("The clinic restored its records from {when}.", { when })}{" "}
        {length > held
          ? i18n._(
              "{length, plural, one {This tablet is giving back # change.} other {This tablet is giving back # changes.}}",
              { length },
            )
          : held > 0
            ? i18n._(
                "{held, plural, one {# change waits for what another tablet gives back.} other {# changes wait for what other tablets give back.}}",
                { held },
              )
            : i18n._(
                "{most, plural, one {This tablet has given back # change.} other {This tablet has given back # changes.}}",
                { most },
              )}
      </span>
      {length === 0 && (
        <Button size="sm" h={44} variant="default" onClick={() => setSeen(most)}>
          {i18n._("OK")}
        </Button>
      )}
    </div>
  );
}
