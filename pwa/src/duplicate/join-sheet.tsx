import { useLingui } from "@lingui/react";
import { IconEqualNot } from "@tabler/icons-react";
import { useId, useState } from "react";
import { ReportedBadge } from "#pwa/design/fact-parts.tsx";
import { SheetForm } from "#pwa/design/side-sheet.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { mutate, useSurvivor } from "#pwa/local/index.ts";
import { PatientSheet, useFromMerged } from "#pwa/patient/index.ts";
import { WhoWhen } from "#pwa/staff/index.ts";
import classes from "./duplicate.module.css";
import type { JoinableEntry, JoinableKind } from "./joinable.ts";

interface JoinSheetProps {
  readonly kind: JoinableKind;
  readonly pair: readonly [JoinableEntry, JoinableEntry];
  readonly onClose: () => void;
}

const wordsOf = ({ facts }: JoinableEntry): string => JSON.stringify(facts.map(([, words]) => words));

/**
 * Two entries beside each other, of which the clinician keeps one exactly as it is. Where they differ nothing is chosen
 * beforehand: a dose or a reaction is never decided by the order of a list (C12).
 */
export function JoinSheet({ kind, pair, onClose }: JoinSheetProps) {
  const { i18n } = useLingui();
  const saving = useSaving();
  const survivor = useSurvivor(pair[0].patientId);
  const alike = wordsOf(pair[0]) === wordsOf(pair[1]);
  const own = pair.find(({ patientId }) => patientId === survivor) ?? pair[0];
  const [keptId, setKeptId] = useState<string | null>(alike ? own.id : null);
  const kept = pair.find(({ id }) => id === keptId);
  const aside = pair.find(({ id }) => id !== keptId)!;
  const missing = kept ? (aside.stays ?? null) : i18n._("Choose which one stays");
  const join = () =>
    saving.save(async () => {
      const on = { id: aside.id, patientId: aside.patientId };
      await mutate(`${kind}.join`, { ...on, keptId: kept!.id, seen: aside.seen, keptSeen: kept!.seen });
      say(i18n._("{title} is listed once now", { title: kept!.title }), () => mutate(`${kind}.separate`, on));
      onClose();
    });
  return (
    <PatientSheet
      patientId={own.patientId}
      title={i18n._("{title}: listed twice", { title: own.title })}
      onClose={onClose}
      wide
    >
      <SheetForm
        saving={saving}
        label={i18n._("Join: keep this one")}
        onCancel={onClose}
        cancelLabel={i18n._("Leave both")}
        onSave={() => void join()}
        missing={missing}
      >
        <p className={classes.words}>
          {i18n._(
            "One stays exactly as it is, the other is put aside and can be brought back. Nothing of the two is mixed.",
          )}
        </p>
        <fieldset className={classes.pair}>
          <legend>{i18n._("Which one stays?")}</legend>
          {pair.map((entry, index) => (
            <Choice
              key={entry.id}
              entry={entry}
              other={pair[index === 0 ? 1 : 0]}
              chosen={entry.id === keptId}
              onChoose={() => setKeptId(entry.id)}
            />
          ))}
        </fieldset>
      </SheetForm>
    </PatientSheet>
  );
}

interface ChoiceProps {
  readonly entry: JoinableEntry;
  readonly other: JoinableEntry;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Choice({ entry, other, chosen, onChoose }: ChoiceProps) {
  const { i18n } = useLingui();
  const name = useId();
  const from = useFromMerged(entry.patientId)(entry);
  return (
    <label className={classes.choice} data-chosen={chosen || undefined}>
      <span className={classes.choiceHead}>
        <input type="radio" name="kept" aria-labelledby={name} checked={chosen} onChange={onChoose} />
        <span className={classes.ring} aria-hidden />
        <span id={name}>
          <strong>{entry.title}</strong>
          <span className={classes.from}>{from ?? i18n._("from this record")}</span>
        </span>
      </span>
      <dl className={classes.facts}>
        {entry.facts.map(([label, words], index) => {
          const differs = words !== other.facts[index]?.[1];
          return (
            <div key={label} data-differs={differs || undefined}>
              <dt>
                {label}
                {differs && (
                  <span className={classes.differs}>
                    <IconEqualNot size={16} stroke={2} aria-hidden />
                    {i18n._("differs")}
                  </span>
                )}
              </dt>
              <dd>{words || "–"}</dd>
            </div>
          );
        })}
        <div>
          <dt>{i18n._("Entered by")}</dt>
          <dd>
            <WhoWhen by={entry.recordedBy} at={entry.recordedAt} />
          </dd>
        </div>
      </dl>
      <ReportedBadge verification={entry.verification} />
    </label>
  );
}
