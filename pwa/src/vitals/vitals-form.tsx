import { useLingui } from "@lingui/react";
import { TextInput } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import {
  bmiOf,
  type EnteredVital,
  judgeVital,
  problemsOfVitals,
  rangeFor,
  type Verdict,
  vitalCodes,
  vitalIn,
  vitalSign,
} from "#domain/code-set/index.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { dateIn, instantIn, timeIn } from "#domain/kernel/instant.ts";
import type { Vitals } from "#domain/vitals/index.ts";
import { Choices } from "#pwa/design/choice-chips.tsx";
import { clinicalNumber } from "#pwa/design/clinical-text.ts";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { SheetForm } from "#pwa/design/side-sheet.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { useOpenEncounter } from "#pwa/encounter/index.ts";
import { mutate, useRow, useRows, useSession } from "#pwa/local/index.ts";
import { PatientSheet } from "#pwa/patient/index.ts";
import { chooseUnits, type Units, unitText, useUnits } from "./units.ts";
import {
  type FieldKey,
  fieldOrder,
  isComplete,
  numberOf,
  unitChoice,
  unitOf,
  vitalName,
} from "./vital-fields.ts";
import classes from "./vitals.module.css";
import { lastHeightOf, personAt, valueText } from "./vitals-text.ts";

interface VitalsFormProps {
  readonly patientId: string;
  readonly onClose: () => void;
}

type Texts = Partial<Record<FieldKey, string>>;
interface Judged {
  readonly value: number;
  readonly verdict: Verdict;
  readonly canonical: number | null;
}

const other = {
  "[degF]": "Cel",
  Cel: "[degF]",
  "[lb_av]": "kg",
  kg: "[lb_av]",
  "[in_i]": "cm",
  cm: "[in_i]",
} as const;
/** Below three years the head is measured at visits. */
const headUntilDays = 3 * 366;

/**
 * One form for everything that is taken at a visit. Numbers only; the cursor moves on when a value is complete. What is
 * implausible for the patient's age asks for a second tap, what is impossible is refused (C15).
 */
export function VitalsForm({ patientId, onClose }: VitalsFormProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const units = useUnits();
  const saving = useSaving();
  const encounterId = useOpenEncounter(patientId);
  const { row: patient } = useRow("patient", patientId);
  const { rows: sets } = useRows("vitals", {
    where: { patientId },
    sort: { by: "takenAt", descending: true },
  });
  const kept = useKeptForm({ form: "vitals", patientId });
  const close = kept.closing(onClose);
  const [texts, setTexts] = useKept<Texts>(kept, "texts", {});
  /** What the person said is right although it looks wrong: the words themselves, so that another value asks again. */
  const [sure, setSure] = useState<ReadonlySet<string>>(new Set());
  const [position, setPosition] = useKept<Vitals["position"]>(kept, "position", "sitting");
  const [opened] = useState(() => {
    const at = instantNow();
    return { instant: at, shown: `${dateIn(zone, at)}T${timeIn(zone, at)}` };
  });
  // What was measured before a lock was not measured after it.
  const [takenAt, setTakenAt] = useKept(kept, "takenAt", opened, { beside: true });
  const inputs = useRef(new Map<FieldKey, HTMLInputElement>());
  const person = personAt(patient, takenAt.instant, zone);
  const shown = fieldOrder.filter(
    (key) => key !== "head" || (person.ageDays !== null && person.ageDays < headUntilDays),
  );
  const lastHeight = lastHeightOf(sets);

  const judge = (key: FieldKey): Judged | null => {
    const value = numberOf(texts[key] ?? "");
    if (value === null) return null;
    const { verdict, canonicalValue } = judgeVital({
      code: vitalCodes[key],
      value,
      unit: unitOf(key, units),
      ...person,
    });
    return { value, verdict, canonical: canonicalValue };
  };
  const mark = (key: FieldKey) => `${key} ${texts[key]} ${unitOf(key, units)}`;
  const judged = new Map(shown.map((key) => [key, judge(key)]));
  const measurements: EnteredVital[] = shown.flatMap((key) => {
    const one = judged.get(key);
    if (!one) return [];
    const code = vitalCodes[key];
    return [
      {
        code,
        value: one.canonical ?? Number.NaN,
        unit: vitalSign(code)!.unit,
        confirmed: one.verdict === "implausible" && sure.has(mark(key)),
      },
    ];
  });
  const problems = problemsOfVitals(measurements, person);
  const problemOf = (key: FieldKey) =>
    problems.find(
      ({ code, problem }) =>
        code === vitalCodes[key] ||
        (problem === "not-above-diastolic" && (key === "systolic" || key === "diastolic")),
    )?.problem;
  const missing =
    measurements.length === 0
      ? i18n._("Enter at least one value")
      : problems.some(({ problem }) => problem !== "implausible")
        ? i18n._("Correct what is marked red")
        : problems.length > 0
          ? i18n._("Look again at what is marked")
          : null;

  const next = (key: FieldKey) => {
    const following = shown[shown.indexOf(key) + 1];
    const input = following && inputs.current.get(following);
    if (input) input.focus();
    else inputs.current.get(key)?.form?.querySelector<HTMLButtonElement>("[type=submit]")?.focus();
  };
  const type = (key: FieldKey, text: string) => {
    const grew = text.length > (texts[key] ?? "").length;
    setTexts((now) => ({ ...now, [key]: text }));
    const following = shown[shown.indexOf(key) + 1];
    if (grew && isComplete(key, text) && following && !texts[following]) next(key);
  };
  const onKeyDown = (key: FieldKey) => (event: KeyboardEvent) => {
    const forward = event.key === "Enter" && !event.ctrlKey && !event.metaKey;
    if (!forward && !(event.key === "/" && key === "systolic")) return;
    event.preventDefault();
    next(key);
  };
  const save = () =>
    saving.save(async () => {
      const id = newId();
      await mutate("vitals.record", {
        id,
        patientId,
        encounterId,
        takenAt: takenAt.instant,
        measurements,
        position,
      });
      say(i18n._("Vital signs recorded"), () =>
        mutate("vitals.enterInError", { id, patientId, statusReason: "Taken back at once" }),
      );
      close();
    });

  const input = (key: FieldKey, first = false) => {
    const problem = problemOf(key);
    return (
      <input
        key={key}
        ref={(element) => {
          if (element) inputs.current.set(key, element);
          else inputs.current.delete(key);
        }}
        id={`vital-${key}`}
        className={classes.input}
        aria-label={vitalName(i18n, key)}
        aria-invalid={problem !== undefined}
        aria-describedby={`vital-${key}-words`}
        data-problem={problem && (problem === "implausible" ? "ask" : "refused")}
        value={texts[key] ?? ""}
        maxLength={7}
        onChange={(event) => type(key, event.currentTarget.value)}
        onKeyDown={onKeyDown(key)}
        {...(first ? { "data-autofocus": true } : {})}
        {...clinicalNumber}
      />
    );
  };
  const words = (key: FieldKey) => (
    <FieldWords
      fieldKey={key}
      problem={problemOf(key)}
      person={person}
      units={units}
      onSure={() => {
        setSure((now) => new Set([...now, mark(key)]));
        next(key);
      }}
    />
  );
  const unit = (key: FieldKey) => {
    const choice = unitChoice[key];
    const now = unitOf(key, units);
    if (!choice) return <span className={classes.unit}>{unitText(now)}</span>;
    const to = other[now as keyof typeof other];
    return (
      <button
        type="button"
        className={classes.unitButton}
        tabIndex={-1}
        aria-label={i18n._("{unit}, change to {other}", { unit: unitText(now), other: unitText(to) })}
        onClick={() => {
          chooseUnits({ [choice]: to });
          inputs.current.get(key)?.focus();
        }}
      >
        {unitText(now)}
      </button>
    );
  };
  const before = (key: FieldKey) => lastValue(sets, key, units);
  const bmi = bmiOf(
    measurements.filter(({ value }) => Number.isFinite(value)),
    lastHeight,
  );
  return (
    <PatientSheet patientId={patientId} title={i18n._("Record vitals")} onClose={close} wide>
      <SheetForm
        saving={saving}
        label={i18n._("Save vitals")}
        kept={kept}
        onCancel={close}
        onSave={() => void save()}
        missing={missing}
      >
        <p className={classes.hint}>
          {i18n._(
            "The cursor moves on when a value is complete; Enter moves on, too. Leave empty what was not taken.",
          )}
        </p>
        <div className={classes.grid}>
          <div className={`${classes.field} ${classes.pressure}`}>
            <span className={classes.label}>
              {i18n._("Blood pressure")}
              <span className={classes.before}>
                {before("systolic") &&
                  `${i18n._("last")} ${before("systolic")}/${before("diastolic") ?? "–"}`}
              </span>
            </span>
            <span className={classes.inputs}>
              {input("systolic", true)}
              <span className={classes.slash} aria-hidden>
                /
              </span>
              {input("diastolic")}
              {unit("systolic")}
            </span>
            {words("systolic")}
            {problemOf("diastolic") !== "not-above-diastolic" && words("diastolic")}
          </div>
          {shown.slice(2).map((key) => (
            <div key={key} className={classes.field}>
              <label className={classes.label} htmlFor={`vital-${key}`}>
                {vitalName(i18n, key)}
                <span className={classes.before}>{before(key) && `${i18n._("last")} ${before(key)}`}</span>
              </label>
              <span className={classes.inputs}>
                {input(key)}
                {unit(key)}
              </span>
              {words(key)}
            </div>
          ))}
          {bmi !== null && (
            <output className={classes.bmi}>{i18n._("Body mass index {bmi} kg/m²", { bmi })}</output>
          )}
        </div>
        <Choices
          label={i18n._("Position")}
          options={positions.map((value) => ({ value, label: positionText(i18n, value) }))}
          value={[position]}
          onChange={([value]) => setPosition(value ?? "unknown")}
        />
        <TextInput
          type="datetime-local"
          label={i18n._("Taken at")}
          value={takenAt.shown}
          max={`${dateIn(zone)}T${timeIn(zone, instantNow())}`}
          onChange={(event) => {
            const text = event.currentTarget.value;
            const [date, time] = text.split("T");
            setTakenAt((now) => ({
              shown: text,
              instant: date && time ? instantIn(zone, date, time.slice(0, 5)) : now.instant,
            }));
          }}
        />
      </SheetForm>
    </PatientSheet>
  );
}

const positions = ["sitting", "standing", "lying"] as const;
export const positionText = (
  i18n: ReturnType<typeof useLingui>["i18n"],
  position: Vitals["position"],
): string =>
  ({
    sitting: i18n._("Sitting"),
    standing: i18n._("Standing"),
    lying: i18n._("Lying"),
    unknown: i18n._("Not known"),
  })[position];

/** The value of the newest set that has one, as it would be typed. */
function lastValue(sets: readonly Vitals[], key: FieldKey, units: Units): string | null {
  for (const set of sets) {
    const found = set.status === "final" && set.measurements.find(({ code }) => code === vitalCodes[key]);
    if (found) return valueText(found, unitOf(key, units));
  }
  return null;
}

interface FieldWordsProps {
  readonly fieldKey: FieldKey;
  readonly problem: string | undefined;
  readonly person: ReturnType<typeof personAt>;
  readonly units: Units;
  readonly onSure: () => void;
}

/** What is wrong with a value, and the second tap where it may be right all the same. */
function FieldWords({ fieldKey: key, problem, person, units, onSure }: FieldWordsProps) {
  const { i18n } = useLingui();
  const id = `vital-${key}-words`;
  if (!problem) return <span id={id} hidden />;
  if (problem === "implausible")
    return (
      <p id={id} role="status" className={classes.ask}>
        <button type="button" className={classes.sure} onClick={onSure}>
          {i18n._("It is right")}
        </button>
        {i18n._("Unusual for this age. Measure again or confirm.")}
      </p>
    );
  if (problem === "not-above-diastolic")
    return (
      <p id={id} role="alert" className={classes.refused}>
        {i18n._("The first number must be higher than the second. Are they swapped?")}
      </p>
    );
  const sign = vitalSign(vitalCodes[key])!;
  const range = rangeFor(sign.possible, person);
  const unit = unitOf(key, units);
  const [low, high] = (range ?? [0, 0]).map((end) => vitalIn(sign.code, end, unit) ?? end);
  return (
    <p id={id} role="alert" className={classes.refused}>
      {i18n._("Not possible: between {low} and {high} {unit} at this age. Check the value and its unit.", {
        low: low ?? 0,
        high: high ?? 0,
        unit: unitText(unit),
      })}
    </p>
  );
}
