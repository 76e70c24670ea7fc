import { useLingui } from "@lingui/react";
import { noteSections, sectionText, type TextRun } from "#domain/note/index.ts";
import { type Patient, patientName } from "#domain/patient/index.ts";
import type { Recording } from "#domain/recording/index.ts";
import type { OpenedItem } from "#domain/sync/review-items.ts";
import type { Vitals } from "#domain/vitals/index.ts";
import { birthDateText, dateTimeText } from "#pwa/language/language.ts";
import { useRows, useSession } from "#pwa/local/index.ts";
import { sectionName } from "#pwa/note/section-names.ts";
import { valueText } from "#pwa/patient/two-values/field-text.ts";
import { consentText } from "#pwa/recording/index.ts";
import { staffText } from "#pwa/staff/index.ts";
import { useUnits, vitalsLine } from "#pwa/vitals/index.ts";
import { wordText } from "./choice-words.ts";
import { fieldName, isShown, partText, titleFields } from "./field-words.ts";
import classes from "./review.module.css";

type Fields = Readonly<Record<string, unknown>>;

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

interface ReviewContentProps {
  readonly item: Pick<OpenedItem, "name" | "args" | "present">;
  /** Without a heading over words that have nothing beside them. */
  readonly plain?: boolean | undefined;
}

/** What was written, as people read it, beside what the record says now where there is something. */
export function ReviewContent({ item, plain }: ReviewContentProps) {
  const { i18n } = useLingui();
  const { args, present } = item;
  const text = useFieldText();
  if (args === null)
    return <p className={classes.note}>{i18n._("Its words cannot be shown here. They stay sealed.")}</p>;
  const rows = rowsOf(item.name, args, present);
  if (rows.length === 0) return <p className={classes.note}>{i18n._("It has no words of its own.")}</p>;
  return (
    <div className={classes.scroll}>
      <table className={classes.content}>
        <thead className={plain && !present ? classes.hidden : undefined}>
          <tr>
            <th scope="col">
              <span className={classes.hidden}>{i18n._("Field")}</span>
            </th>
            <th scope="col">{i18n._("Written")}</th>
            {present && <th scope="col">{i18n._("In the record now")}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((name) => (
            <tr key={name}>
              <th scope="row">
                {name in sections ? sectionName(i18n, name as keyof typeof sections) : fieldName(i18n, name)}
              </th>
              {name in sections || name in args ? (
                <td className={classes.words}>{text(name, fieldOf(args, name)) || "–"}</td>
              ) : (
                <td className={classes.untouched}>{i18n._("Not changed")}</td>
              )}
              {present && <td className={classes.words}>{text(name, fieldOf(present, name)) || "–"}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const sections = Object.fromEntries(noteSections.map((section) => [section, true])) as Record<
  (typeof noteSections)[number],
  true
>;

const fieldOf = (fields: Fields, name: string): unknown =>
  name in sections ? (fields.content as Fields | undefined)?.[name] : fields[name];

/** The fields in the order of the arguments; before them what tells which entry it is, where they do not. */
function rowsOf(name: string, args: Fields, present: Fields | null): string[] {
  const written = Object.keys(args).flatMap((field) =>
    field === "content" ? [...noteSections] : isShown(field) ? [field] : [],
  );
  const titles = present ? titleFields.filter((field) => field in present && !written.includes(field)) : [];
  const shown = [...titles, ...written];
  // A change names what it sets to nothing; of something new the empty fields say nothing.
  return shown.filter(
    (field) =>
      !isEmpty(fieldOf(args, field)) ||
      (present !== null &&
        !isEmpty(fieldOf(present, field)) &&
        (name !== "note.revise" || field in sections)),
  );
}

/** A field's value in words. Ids become the names of people, rooms and visit types. */
function useFieldText(): (name: string, value: unknown) => string {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const units = useUnits();
  const { rows: staff } = useRows("staff");
  const { rows: rooms } = useRows("room");
  const { rows: visitTypes } = useRows("visit-type");
  const { rows: patients } = useRows("patient");
  const zone = practice?.zone ?? "UTC";
  const named = (id: string): string | undefined => {
    const person = staff.find((one) => one.id === id);
    if (person) return staffText(person);
    const patient = patients.find((one) => one.id === id);
    if (patient) return patientName(patient);
    return [...rooms, ...visitTypes].find((one) => one.id === id)?.name;
  };
  const wordOf = (name: string, word: string): string => {
    if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(word)) return named(word) ?? i18n._("An entry of the record");
    if (/^\d{4}-\d\d-\d\dT.*Z$/.test(word)) return dateTimeText(word, zone);
    if (/^\d{4}-\d\d-\d\d$/.test(word)) return birthDateText(word);
    return wordText(i18n, name, word);
  };
  const partsOf = (value: object): string => Object.values(value).map(partText).filter(Boolean).join(", ");
  const text = (name: string, value: unknown): string => {
    if (isEmpty(value)) return "";
    if (name in sections) return sectionText(value as TextRun[]);
    if (name === "measurements")
      return vitalsLine(i18n, { measurements: value as Vitals["measurements"] }, units);
    if (name === "consent") return consentText(i18n, value as Recording["consent"]);
    if (name === "contacts" || name === "language")
      return valueText(i18n, name, value as Patient[typeof name]);
    if (typeof value === "boolean") return value ? i18n._("Yes") : i18n._("No");
    if (Array.isArray(value)) return value.map((one) => text(name, one)).join("\n");
    return typeof value === "object" ? partsOf(value as object) : wordOf(name, String(value));
  };
  return text;
}
