import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Capture } from "#domain/capture/index.ts";
import itemList from "#pwa/design/item-list.module.css";
import { dateTimeText } from "#pwa/language/language.ts";
import { useRows, useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import { CaptureSound } from "./capture-sound.tsx";
import { MatchCapture } from "./match-capture.tsx";
import { PutIntoNote } from "./put-into-note.tsx";
import { ReleaseCapture } from "./release-capture.tsx";
import classes from "./unassigned.module.css";

type Whose = { readonly patientId: string } | { readonly encounterId: string };

/** What was written without reading and matched to this chart, or to this visit: under its author's name. */
export function CapturedNotes(whose: Whose) {
  const { i18n } = useLingui();
  const { rows } = useRows("capture", { where: whose, sort: { by: "writtenAt", descending: true } });
  const matched = rows.filter(({ status }) => status === "matched");
  if (matched.length === 0) return null;
  return (
    <section aria-label={i18n._("Written down without reading")} className={classes.captured}>
      {matched.map((capture) => (
        <CapturedNote key={capture.id} capture={capture} inVisit={"encounterId" in whose} />
      ))}
    </section>
  );
}

function CapturedNote({ capture, inVisit }: { readonly capture: Capture; readonly inVisit: boolean }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const author = useStaffName(capture.authorId) || i18n._("Somebody");
  const may = useMay();
  const [step, setStep] = useState<"match" | "release" | null>(null);
  const free = capture.encounterId === null;
  const by = useStaffName(capture.decidedBy ?? "") || i18n._("Somebody");
  return (
    <article className={itemList.card}>
      <h2 className={classes.label}>{i18n._("Written down without reading")}</h2>
      <p className={itemList.meta}>
        {i18n._("{author}, {when}", { author, when: dateTimeText(capture.writtenAt, zone) })}
        {capture.label && ` · ${i18n._("about “{label}”", { label: capture.label })}`}
      </p>
      {capture.text && <p className={classes.text}>{capture.text}</p>}
      {/* With a visit, its sound is that visit's recording. */}
      {capture.sound && capture.encounterId === null && (
        <CaptureSound captureId={capture.id} sound={capture.sound} />
      )}
      {capture.decidedAt && (
        <p className={itemList.meta}>
          {i18n._("Matched by {name}, {when}", { name: by, when: dateTimeText(capture.decidedAt, zone) })}
        </p>
      )}
      <PutIntoNote capture={capture} inVisit={inVisit} />
      {may("capture:match") && (free || !capture.sound) && (
        <div className={classes.actions}>
          {free && (
            <Button variant="default" onClick={() => setStep("match")}>
              {i18n._("Put into a visit")}
            </Button>
          )}
          <Button variant="subtle" onClick={() => setStep("release")}>
            {i18n._("Wrong patient?")}
          </Button>
        </div>
      )}
      {step === "match" && <MatchCapture capture={capture} onClose={() => setStep(null)} />}
      {step === "release" && <ReleaseCapture capture={capture} onClose={() => setStep(null)} />}
    </article>
  );
}
