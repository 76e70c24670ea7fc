import { useLingui } from "@lingui/react";
import { Sheet } from "#pwa/design/sheet.tsx";
import classes from "./sheets.module.css";

/** Every key of the board in one place. */
export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  const { i18n } = useLingui();
  const keys: readonly (readonly [readonly string[], string])[] = [
    [["↑", "↓", "←", "→"], i18n._("Walk over the day")],
    [["Page ↑", "Page ↓"], i18n._("An hour up or down")],
    [["Enter"], i18n._("Book the free time, or open the appointment")],
    [["M"], i18n._("Move to another time")],
    [["C"], i18n._("Check in")],
    [["U"], i18n._("Take the last step of the appointment back")],
    [["Z"], i18n._("Undo what was just done")],
    [["Del"], i18n._("Cancel the appointment")],
    [["N"], i18n._("Another booking at this time")],
    [["W"], i18n._("Walk-in")],
    [["[", "]"], i18n._("Day before, next day")],
    [["T"], i18n._("Today")],
    [["Ctrl", "K"], i18n._("Find a patient")],
    [["Shift"], i18n._("While dragging: steps of five minutes")],
    [["Esc"], i18n._("Cancel what is open or being dragged")],
  ];
  return (
    <Sheet title={i18n._("Keys of the board")} onClose={onClose}>
      <dl className={classes.keys}>
        {keys.map(([names, words]) => (
          <div key={words} style={{ display: "contents" }}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
