import { useLingui } from "@lingui/react";
import { Button, NativeSelect } from "@mantine/core";
import { IconCheck, IconNotes, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Capture } from "#domain/capture/index.ts";
import { type Note, type NoteSection, noteIdOf, noteSections } from "#domain/note/index.ts";
import itemList from "#pwa/design/item-list.module.css";
import { say } from "#pwa/design/toast.tsx";
import { longDateTimeText } from "#pwa/language/language.ts";
import { useRow, useRows, useSession, useValue } from "#pwa/local/index.ts";
import {
  AddendumSheet,
  appended,
  capturedRuns,
  openDraft,
  sectionName,
  sectionsWith,
  withoutCaptures,
} from "#pwa/note/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import classes from "./unassigned.module.css";

/** The typed words of a capture that is in a visit: where they stand in that visit's note, or the way into it. */
export function PutIntoNote({ capture, inVisit }: { readonly capture: Capture; readonly inVisit: boolean }) {
  const { encounterId } = capture;
  if (encounterId === null || capture.text.trim() === "") return null;
  return <OfVisit capture={capture} encounterId={encounterId} inVisit={inVisit} />;
}

interface OfVisitProps {
  readonly capture: Capture;
  readonly encounterId: string;
  /** The visit is on the screen, with its note. */
  readonly inVisit: boolean;
}

function OfVisit({ capture, encounterId, inVisit }: OfVisitProps) {
  const { i18n } = useLingui();
  const may = useMay();
  const { practice } = useSession();
  const author = useStaffName(capture.authorId) || i18n._("Somebody");
  const whose = i18n._("{author}, {when}, written without the record in sight:", {
    author,
    when: longDateTimeText(capture.writtenAt, practice?.zone ?? "UTC"),
  });
  const { row: note } = useRow("note", noteIdOf(encounterId));
  const standing = useStanding(capture, encounterId, note);
  const { row: encounter } = useRow("encounter", encounterId);
  // What was chosen is still chosen after an Undo.
  const [section, setSection] = useState<NoteSection>("subjective");
  if (standing)
    return (
      <p className={classes.standing}>
        <IconCheck size={20} aria-hidden /> {standing}
      </p>
    );
  if (note?.status === "signed")
    return may("note:addend") ? <AsAddendum note={note} whose={whose} text={capture.text} /> : null;
  if (inVisit)
    return (
      <IntoDraft
        capture={capture}
        encounterId={encounterId}
        whose={whose}
        section={section}
        onSection={setSection}
      />
    );
  if (!may("note:write") || !encounter?.appointmentId) return null;
  return (
    <Link
      to="/visits/$appointmentId"
      params={{ appointmentId: encounter.appointmentId }}
      className={classes.toVisit}
    >
      {i18n._("Not in a note yet: open its visit")}
    </Link>
  );
}

/**
 * Where its words are by now, read from the note itself: what was taken out of the note again is in none. A draft on the
 * screen is ahead of the note that is saved.
 */
function useStanding(capture: Capture, encounterId: string, note: Note | undefined): string | null {
  const { i18n } = useLingui();
  const draft = useValue(openDraft);
  const { rows: addenda } = useRows("addendum", { where: { noteId: noteIdOf(encounterId) } });
  const content = draft?.noteId === noteIdOf(encounterId) ? draft.content : note?.content;
  const sections = content ? sectionsWith(content, capture.id) : [];
  if (sections.length > 0)
    return i18n._("In the note of the visit, under {sections}", {
      sections: sections.map((section) => sectionName(i18n, section)).join(", "),
    });
  const beside = note?.alternatives.find(({ section, content: words }) =>
    sectionsWith({ ...note.content, [section]: words }, capture.id).includes(section),
  );
  if (beside)
    return i18n._("Waits beside {section} in the note of the visit, until somebody decides", {
      section: sectionName(i18n, beside.section),
    });
  return addenda.some(({ text }) => text.includes(capture.text.trim()))
    ? i18n._("In an addendum to the note of the visit")
    : null;
}

interface IntoDraftProps {
  readonly capture: Capture;
  readonly encounterId: string;
  readonly whose: string;
  readonly section: NoteSection;
  readonly onSection: (section: NoteSection) => void;
}

/** Puts the words at the end of a section, as if they had been typed there. Shown to whoever writes that note. */
function IntoDraft({ capture, encounterId, whose, section, onSection }: IntoDraftProps) {
  const { i18n } = useLingui();
  const draft = useValue(openDraft);
  const noteId = noteIdOf(encounterId);
  if (draft?.noteId !== noteId) return null;
  const put = () => {
    draft.write(section, appended(draft.content[section], capturedRuns(capture, whose)));
    say(i18n._("Put into the note, at the end of {section}.", { section: sectionName(i18n, section) }), () =>
      takeOut(noteId, section, capture.id),
    );
  };
  return (
    <div className={classes.into}>
      <NativeSelect
        size="md"
        aria-label={i18n._("Section of the note")}
        data={noteSections.map((value) => ({ value, label: sectionName(i18n, value) }))}
        value={section}
        onChange={(event) => onSection(event.currentTarget.value as NoteSection)}
      />
      <Button leftSection={<IconNotes size={20} aria-hidden />} onClick={put}>
        {i18n._("Put into the note")}
      </Button>
    </div>
  );
}

async function takeOut(noteId: string, section: NoteSection, captureId: string): Promise<void> {
  const draft = openDraft.get();
  if (draft?.noteId !== noteId) return;
  draft.write(section, [...withoutCaptures(draft.content[section], new Set([captureId]))]);
}

interface AsAddendumProps {
  readonly note: Note;
  readonly whose: string;
  readonly text: string;
}

/** A signed note takes no more words; under it they stand in an addendum, by whoever adds it (C09). */
function AsAddendum({ note, whose, text }: AsAddendumProps) {
  const { i18n } = useLingui();
  const [asked, setAsked] = useState(false);
  return (
    <>
      <p className={itemList.meta}>{i18n._("The note of the visit is signed: nothing is added to it.")}</p>
      <div className={classes.actions}>
        <Button
          variant="light"
          leftSection={<IconPlus size={20} aria-hidden />}
          onClick={() => setAsked(true)}
        >
          {i18n._("Write an addendum with it")}
        </Button>
      </div>
      {asked && (
        <AddendumSheet note={note} words={`${whose}\n${text.trim()}`} onClose={() => setAsked(false)} />
      )}
    </>
  );
}
