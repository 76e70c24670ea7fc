import { useLingui } from "@lingui/react";
import { dateTimeText } from "#pwa/language/language.ts";
import { useOutbox, useSession } from "#pwa/local/index.ts";
import classes from "./capture.module.css";

/** How many of a person's own captures wait on this tablet, and from when: nothing else can be told of them. */
export function PutAway() {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const notes = useOutbox().filter(({ name }) => name === "capture.write");
  if (notes.length === 0) return null;
  const zone = practice?.zone ?? "UTC";
  return (
    <p role="status" className={classes.waiting}>
      <strong>
        {i18n._(
          "{notes, plural, one {# note is sealed here and waits for the clinic.} other {# notes are sealed here and wait for the clinic.}}",
          { notes: notes.length },
        )}
      </strong>
      <span>{notes.map(({ at }) => dateTimeText(at, zone)).join(" · ")}</span>
      <span>{i18n._("Nobody can read what is sealed on this tablet. It is sent by itself.")}</span>
    </p>
  );
}
