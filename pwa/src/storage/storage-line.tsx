import { useLingui } from "@lingui/react";
import { IconDatabase } from "@tabler/icons-react";
import { local, useValue } from "#pwa/local/index.ts";
import classes from "./storage.module.css";
import { percentUsed, storageWords } from "./storage-words.ts";

/** Beside what waits: that this tablet gets full. Nothing while it has room. */
export function StorageLine() {
  const { i18n } = useLingui();
  const view = useValue(local().storage);
  const [first] = view ? storageWords(i18n, view) : [];
  if (!view || !first) return null;
  return (
    <p className={classes.line} role="status">
      <IconDatabase size={22} stroke={1.8} aria-hidden />
      <span>
        <strong>
          {i18n._("This tablet's storage is {percent} % full.", { percent: percentUsed(view) })}
        </strong>{" "}
        {first}
      </span>
    </p>
  );
}
