import { useLingui } from "@lingui/react";
import { TextInput } from "@mantine/core";
import { searchVaccines, type Vaccine } from "#domain/code-set/index.ts";
import type { Immunization } from "#domain/immunization/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { dateIn } from "#domain/kernel/instant.ts";
import { Choices } from "#pwa/design/choice-chips.tsx";
import { clinicalText } from "#pwa/design/clinical-text.ts";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { Picked } from "#pwa/design/picked.tsx";
import { SearchField } from "#pwa/design/search-field.tsx";
import { SheetForm } from "#pwa/design/side-sheet.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { useOpenEncounter } from "#pwa/encounter/index.ts";
import { mutate, useSession } from "#pwa/local/index.ts";
import { PatientSheet } from "#pwa/patient/index.ts";
import { sourceText } from "./immunization-words.ts";

interface ImmunizationFormProps {
  readonly patientId: string;
  readonly onClose: () => void;
}

const sites = ["Left arm", "Right arm", "Left thigh", "Right thigh"];
const sources = ["given-here", "record", "told"] as const;

/** A vaccine that was given here now, or that a record or the patient tells of. */
export function ImmunizationForm({ patientId, onClose }: ImmunizationFormProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const saving = useSaving();
  const encounterId = useOpenEncounter(patientId);
  const today = dateIn(practice?.zone ?? "UTC");
  const kept = useKeptForm({ form: "immunization", patientId });
  const close = kept.closing(onClose);
  const [picked, setPicked] = useKept<
    (Pick<Immunization, "vaccine" | "cvx"> & { hint: string | null }) | null
  >(kept, "picked", null);
  // The day on which it was typed, also where it is finished after midnight.
  const [givenOn, setGivenOn] = useKept(kept, "givenOn", today, { beside: true });
  const [source, setSource] = useKept<Immunization["source"]>(kept, "source", "given-here");
  const [lot, setLot] = useKept(kept, "lot", "");
  const [site, setSite] = useKept(kept, "site", "");
  const here = source === "given-here";
  const save = () =>
    saving.save(async () => {
      if (!picked) return;
      const id = newId();
      await mutate("immunization.add", {
        id,
        patientId,
        encounterId,
        vaccine: picked.vaccine,
        cvx: picked.cvx,
        givenOn,
        source,
        lot: here ? lot.trim() : "",
        site: here ? site : "",
      });
      say(i18n._("{vaccine} added", { vaccine: picked.vaccine }), () =>
        mutate("immunization.enterInError", { id, patientId }),
      );
      close();
    });
  return (
    <PatientSheet patientId={patientId} title={i18n._("Add immunization")} onClose={close}>
      <SheetForm
        saving={saving}
        label={i18n._("Add immunization")}
        kept={kept}
        onCancel={close}
        onSave={() => void save()}
        missing={
          !picked
            ? i18n._("Choose a vaccine first")
            : givenOn === "" || givenOn > today
              ? i18n._("Give a date up to today")
              : null
        }
      >
        {picked ? (
          <Picked
            title={picked.vaccine}
            detail={[picked.cvx && `CVX ${picked.cvx}`, picked.hint].filter(Boolean).join(" · ")}
            onChange={() => setPicked(null)}
          />
        ) : (
          <SearchField<Vaccine>
            kept={kept}
            label={i18n._("Vaccine")}
            placeholder={i18n._("influenza, Tdap, shingles …")}
            search={(text) => searchVaccines(text, 7)}
            describe={({ code, name, ageHint }) => ({ key: code, title: name, detail: ageHint ?? "" })}
            onPick={({ code, name, ageHint }) =>
              setPicked({ vaccine: name.slice(0, 120), cvx: code, hint: ageHint })
            }
            onWords={(vaccine) => setPicked({ vaccine: vaccine.slice(0, 120), cvx: null, hint: null })}
            autoFocus
          />
        )}
        {picked && (
          <>
            <Choices
              label={i18n._("How it is known")}
              options={sources.map((value) => ({ value, label: sourceText(i18n, value) }))}
              value={[source]}
              onChange={([value]) => setSource(value ?? "given-here")}
            />
            <TextInput
              type="date"
              label={i18n._("Given on")}
              max={today}
              value={givenOn}
              onChange={(event) => setGivenOn(event.currentTarget.value)}
            />
            {here && (
              <>
                <TextInput
                  label={i18n._("Lot number")}
                  maxLength={40}
                  value={lot}
                  onChange={(event) => setLot(event.currentTarget.value)}
                  {...clinicalText}
                  autoCapitalize="characters"
                />
                <Choices
                  label={i18n._("Site")}
                  options={sites.map((value) => ({ value, label: value }))}
                  value={[site]}
                  onChange={([value]) => setSite(value ?? "")}
                />
              </>
            )}
          </>
        )}
      </SheetForm>
    </PatientSheet>
  );
}
