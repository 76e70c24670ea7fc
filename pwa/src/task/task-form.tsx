import { useLingui } from "@lingui/react";
import { Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { newId } from "#domain/kernel/id.ts";
import { addDays, dateIn } from "#domain/kernel/instant.ts";
import type { Task } from "#domain/task/index.ts";
import { Choices } from "#pwa/design/choice-chips.tsx";
import { clinicalText } from "#pwa/design/clinical-text.ts";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { Sheet, SheetForm } from "#pwa/design/side-sheet.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { mutate, useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { AboutPatient } from "./about-patient.tsx";
import { type Address, Addressee } from "./addressee.tsx";

interface TaskFormProps {
  readonly patientId?: string;
  readonly onClose: () => void;
}

/** Something to be done, by whom and by when. */
export function TaskForm({ patientId, onClose }: TaskFormProps) {
  const { i18n } = useLingui();
  const { user, practice } = useSession();
  const may = useMay();
  const saving = useSaving();
  const clinical = may("chart:read");
  const today = dateIn(practice?.zone ?? "UTC");
  const kept = useKeptForm({ form: "task", patientId });
  const close = kept.closing(onClose);
  const [kind, setKind] = useKept<Task["kind"]>(kept, "kind", clinical ? "clinical" : "administrative");
  const [title, setTitle] = useKept(kept, "title", "");
  const [details, setDetails] = useKept(kept, "details", "");
  const [about, setAbout] = useKept<string | null>(kept, "about", patientId ?? null);
  const [address, setAddress] = useKept<Address | null>(kept, "address", {
    personId: user?.id ?? null,
    pool: null,
  });
  const [dueOn, setDueOn] = useKept(kept, "dueOn", "");
  const due = [
    { value: today, label: i18n._("Today") },
    { value: addDays(today, 1), label: i18n._("Tomorrow") },
    { value: addDays(today, 7), label: i18n._("In a week") },
    { value: addDays(today, 30), label: i18n._("In a month") },
  ];
  const missing =
    title.trim() === ""
      ? i18n._("Say what is to be done")
      : !address?.personId && !address?.pool
        ? i18n._("Choose who does it")
        : null;
  const save = () =>
    saving.save(async () => {
      if (!address) return;
      const id = newId();
      await mutate("task.create", {
        id,
        kind,
        title: title.trim(),
        details: details.trim(),
        patientId: about,
        assigneeId: address.personId,
        pool: address.pool,
        dueOn: dueOn || null,
      });
      say(i18n._("Task given"), () => mutate("task.cancel", { id }));
      close();
    });
  return (
    <Sheet title={i18n._("New task")} onClose={close}>
      <SheetForm
        saving={saving}
        label={i18n._("Give task")}
        kept={kept}
        onCancel={close}
        onSave={() => void save()}
        missing={missing}
      >
        <TextInput
          label={i18n._("What is to be done")}
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          data-autofocus
          {...clinicalText}
        />
        {clinical && (
          <Choices
            label={i18n._("Kind")}
            hint={i18n._("The front desk never sees a clinical task.")}
            options={[
              { value: "clinical" as const, label: i18n._("Clinical") },
              { value: "administrative" as const, label: i18n._("Administrative") },
            ]}
            value={[kind]}
            onChange={([value]) => {
              setKind(value ?? "clinical");
              setAddress(null);
            }}
          />
        )}
        <AboutPatient patientId={about} onChange={setAbout} />
        <Addressee
          key={kind}
          label={i18n._("Who does it")}
          kind={kind}
          value={address}
          onChange={setAddress}
        />
        <Choices
          label={i18n._("Due")}
          options={due}
          value={[dueOn]}
          onChange={([value]) => setDueOn(value ?? "")}
        />
        <TextInput
          type="date"
          label={i18n._("Due on")}
          min={today}
          value={dueOn}
          onChange={(event) => setDueOn(event.currentTarget.value)}
        />
        <Textarea
          label={i18n._("Details")}
          size="md"
          rows={3}
          maxLength={2000}
          value={details}
          onChange={(event) => setDetails(event.currentTarget.value)}
          {...clinicalText}
        />
      </SheetForm>
    </Sheet>
  );
}

interface HandOverFormProps {
  readonly task: Task;
  readonly onClose: () => void;
}

export function HandOverForm({ task, onClose }: HandOverFormProps) {
  const { i18n } = useLingui();
  const saving = useSaving();
  const [address, setAddress] = useState<Address | null>(null);
  const save = () =>
    saving.save(async () => {
      if (!address) return;
      await mutate("task.assign", { id: task.id, assigneeId: address.personId, pool: address.pool });
      say(i18n._("Task handed over"), () =>
        mutate("task.assign", { id: task.id, assigneeId: task.assigneeId, pool: task.pool }),
      );
      onClose();
    });
  return (
    <Sheet title={i18n._("Hand over")} about={task.title} onClose={onClose}>
      <SheetForm
        saving={saving}
        label={i18n._("Hand over")}
        onCancel={onClose}
        onSave={() => void save()}
        missing={address ? null : i18n._("Choose who does it")}
      >
        <Addressee label={i18n._("To")} kind={task.kind} value={address} onChange={setAddress} />
      </SheetForm>
    </Sheet>
  );
}
