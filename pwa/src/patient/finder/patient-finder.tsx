import { useLingui } from "@lingui/react";
import { TextInput } from "@mantine/core";
import { IconSearch, IconUserPlus } from "@tabler/icons-react";
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useMemo, useState } from "react";
import { dateIn } from "#domain/kernel/instant.ts";
import type { Patient } from "#domain/patient/index.ts";
import { useSession } from "#pwa/local/index.ts";
import { PatientLine } from "../patient-line.tsx";
import classes from "./patient-finder.module.css";
import { usePatientsHere } from "./patients-here.ts";
import { findPatients } from "./search.ts";

interface PatientFinderProps {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly autoFocus?: boolean;
  /** Results hang below the field and cover what is there. */
  readonly floating?: boolean;
  readonly shortcut?: string;
  /** Somebody who is not offered. */
  readonly except?: string;
  readonly onPick: (patient: Patient) => void;
  /** Offers to register whom nobody found, with what was typed. */
  readonly onRegister?: (typed: string) => void;
}

/** Finds a patient on this tablet by name, birth date, phone or record number, while one types; works offline. */
export function PatientFinder(props: PatientFinderProps) {
  const { label, hideLabel, autoFocus, floating, shortcut, except, onPick, onRegister } = props;
  const { i18n } = useLingui();
  const { practice } = useSession();
  const today = dateIn(practice?.zone ?? "UTC");
  const { entries, patients, ready } = usePatientsHere();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const [entered, setEntered] = useState(false);
  const wanted = useDeferredValue(typed);
  const listId = useId();
  const found = useMemo(
    () =>
      findPatients(except ? entries.filter(({ patient }) => patient.id !== except) : entries, wanted, today),
    [entries, except, wanted, today],
  );
  const open = typed.trim() !== "";
  // Nobody is registered before it is known who is here already.
  const offersNew = onRegister !== undefined && ready;
  const count = found.length + (offersNew ? 1 : 0);
  const current = Math.min(at, Math.max(0, count - 1));

  const choose = (index: number) => {
    const patient = found[index];
    if (patient) {
      onPick(patient);
      setTyped("");
    } else if (offersNew && open) {
      onRegister(typed.trim());
      setTyped("");
    }
  };
  // Enter was pressed before the list had the last letters: it counts when they are there.
  useEffect(() => {
    if (!entered || wanted !== typed) return;
    setEntered(false);
    choose(current);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt((current + 1) % Math.max(1, count));
    else if (event.key === "ArrowUp") setAt((current - 1 + count) % Math.max(1, count));
    else if (event.key === "Enter" && open) {
      // What is shown must be what is taken: the list may be one letter behind.
      if (wanted === typed) choose(current);
      else setEntered(true);
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      setTyped("");
    } else return;
    event.preventDefault();
  };

  return (
    <search className={classes.finder} data-floating={floating}>
      <TextInput
        label={hideLabel ? undefined : label}
        aria-label={label}
        placeholder={i18n._("Name, birth date, phone or record")}
        leftSection={<IconSearch size={20} aria-hidden />}
        rightSection={shortcut && !open ? <kbd className={classes.kbd}>{shortcut}</kbd> : undefined}
        rightSectionWidth={shortcut ? 68 : undefined}
        autoComplete="off"
        spellCheck={false}
        data-autofocus={autoFocus || undefined}
        role="combobox"
        aria-expanded={open}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={open && count > 0 ? `${listId}-${current}` : undefined}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setEntered(false);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={classes.results} hidden={!open}>
        <div id={listId} role="listbox" aria-label={i18n._("Patients found")}>
          {open &&
            found.map((patient, index) => (
              <Option
                key={patient.id}
                id={`${listId}-${index}`}
                chosen={index === current}
                onChoose={() => choose(index)}
              >
                <PatientLine patient={patient} today={today} />
              </Option>
            ))}
          {open && offersNew && (
            <Option
              id={`${listId}-${found.length}`}
              chosen={current === found.length}
              onChoose={() => choose(found.length)}
            >
              <span className={classes.register}>
                <IconUserPlus size={20} aria-hidden />
                {i18n._("Register “{typed}”", { typed: typed.trim() })}
              </span>
            </Option>
          )}
        </div>
        {open && found.length === 0 && (
          <p className={classes.none} role="status">
            {!ready && patients.length === 0
              ? i18n._("Patients are being opened.")
              : i18n._("Nobody on this tablet fits.")}
          </p>
        )}
      </div>
    </search>
  );
}

interface OptionProps {
  readonly id: string;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly children: React.ReactNode;
}

function Option({ id, chosen, onChoose, children }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the field, which keeps the focus
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      tabIndex={-1}
      className={classes.option}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      {children}
    </div>
  );
}
