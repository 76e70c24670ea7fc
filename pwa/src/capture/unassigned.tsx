import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Capture } from "#domain/capture/index.ts";
import itemList from "#pwa/design/item-list.module.css";
import { ToastPlace } from "#pwa/design/toast.tsx";
import { dateTimeText } from "#pwa/language/language.ts";
import { roleText } from "#pwa/language/role-text.ts";
import { mutate, useMark, useRows, useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import { CaptureSound } from "./capture-sound.tsx";
import { DiscardCapture } from "./discard-capture.tsx";
import { MatchCapture } from "./match-capture.tsx";
import classes from "./unassigned.module.css";

/** What was written or said without reading and belongs to nobody yet: for whoever matches it first. */
export function Unassigned() {
  const may = useMay();
  return may("capture:match") ? <Tray /> : null;
}

function Tray() {
  const { i18n } = useLingui();
  const { rows } = useRows("capture", { where: { status: "waiting" }, sort: "writtenAt" });
  const [opened, setOpened] = useState<string | null>(null);
  return (
    <>
      {rows.length > 0 && (
        <section className={classes.tray} aria-labelledby="unassigned">
          <h1 id="unassigned" className={classes.title}>
            {i18n._("Unassigned")}
          </h1>
          <p className={itemList.intro}>
            {i18n._(
              "Written on a tablet that had been away too long to show records. Nothing of it is in a chart until somebody says whose it is.",
            )}
          </p>
          <ul className={itemList.list}>
            {rows.map((capture) => (
              <Item
                key={capture.id}
                capture={capture}
                isOpen={opened === capture.id}
                onToggle={() => setOpened(opened === capture.id ? null : capture.id)}
              />
            ))}
          </ul>
        </section>
      )}
      <ToastPlace />
    </>
  );
}

interface ItemProps {
  readonly capture: Capture;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function Item({ capture, isOpen, onToggle }: ItemProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const author = useStaffName(capture.authorId) || i18n._("Somebody");
  const content = `capture-${capture.id}`;
  const toggle = () => {
    // That it was read is told like the opening of a chart; it holds up nothing.
    if (!isOpen) mutate("capture.open", { id: capture.id }).catch(() => {});
    onToggle();
  };
  return (
    <li className={itemList.card}>
      <div className={itemList.line}>
        <div className={itemList.facts}>
          <h2 className={classes.label}>{capture.label || i18n._("Without a name")}</h2>
          <p className={itemList.meta}>
            {i18n._("Written by {author}, {role}, {when}", {
              author,
              role: roleText(i18n, capture.role),
              when: dateTimeText(capture.writtenAt, practice?.zone ?? "UTC"),
            })}
          </p>
        </div>
        <Button
          variant={isOpen ? "default" : "filled"}
          aria-expanded={isOpen}
          aria-controls={content}
          onClick={toggle}
        >
          {isOpen ? i18n._("Close") : i18n._("Open")}
        </Button>
      </div>
      <div id={content}>{isOpen && <Opened capture={capture} />}</div>
    </li>
  );
}

function Opened({ capture }: { readonly capture: Capture }) {
  const { i18n } = useLingui();
  const mark = useMark(capture.id);
  const [step, setStep] = useState<"match" | "discard" | null>(null);
  return (
    <>
      <blockquote className={classes.text}>{capture.text || i18n._("No words were typed.")}</blockquote>
      {capture.sound && <CaptureSound captureId={capture.id} sound={capture.sound} />}
      {step === "match" && <MatchCapture capture={capture} onClose={() => setStep(null)} />}
      {step === "discard" && <DiscardCapture capture={capture} onClose={() => setStep(null)} />}
      <div className={classes.actions}>
        <Button onClick={() => setStep("match")} disabled={mark === "refused"}>
          {i18n._("Whose is it?")}
        </Button>
        <Button variant="default" onClick={() => setStep("discard")}>
          {i18n._("Discard…")}
        </Button>
      </div>
    </>
  );
}
