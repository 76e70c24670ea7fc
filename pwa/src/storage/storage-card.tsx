import { useLingui } from "@lingui/react";
import { storageMarks } from "#domain/operations/storage.ts";
import { bytesText } from "#pwa/language/bytes-text.ts";
import { local, useValue } from "#pwa/local/index.ts";
import classes from "./storage.module.css";
import { percentUsed, storageWords } from "./storage-words.ts";

/** How much room this tablet has left, and what that means. */
export function StorageCard() {
  const { i18n } = useLingui();
  const view = useValue(local().storage);
  if (!view) return null;
  const { used, quota, persisted, refused, left } = view;
  const percent = percentUsed(view);
  return (
    <section className={classes.card} aria-labelledby="storage">
      <h3 id="storage" className={classes.title}>
        {i18n._("Storage on this tablet")}
      </h3>
      <meter
        className={classes.meter}
        aria-labelledby="storage"
        min={0}
        max={100}
        high={storageMarks.warn * 100}
        optimum={0}
        value={percent}
      />
      <p className={classes.hint}>
        {refused
          ? i18n._("{used}; the browser refused to keep more.", { used: bytesText(i18n, used) })
          : i18n._("{used} of {quota}, {percent} %", {
              used: bytesText(i18n, used),
              quota: bytesText(i18n, quota),
              percent,
            })}
      </p>
      {storageWords(i18n, view).map((words) => (
        <p key={words} className={classes.words}>
          {words}
        </p>
      ))}
      {left > 0 && (
        <p className={classes.words}>
          {i18n._(
            "Charts of the oldest visits that stay at the clinic, because a tablet keeps only so many records: {count}. Open one and it comes, while the clinic answers.",
            { count: left },
          )}
        </p>
      )}
      <p className={classes.hint}>
        {persisted
          ? i18n._("The browser has promised to keep what is here.")
          : i18n._(
              "The browser may clear what is here when the device gets full. Install JamEMR as an app on this tablet.",
            )}
      </p>
    </section>
  );
}
