import { useLingui } from "@lingui/react";
import { Alert, Button } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { type Note, type NoteSection, noteIdOf, noteSections, type TextRun } from "#domain/note/index.ts";
import { isSaid } from "#domain/note/text-runs.ts";
import { type RecordMark, useSession } from "#pwa/local/index.ts";
import { EvidenceStrip, useVisitTranscripts } from "#pwa/transcript/index.ts";
import { Alternatives } from "./alternatives.tsx";
import { appended } from "./appended.ts";
import { HeardList } from "./heard-list.tsx";
import classes from "./note.module.css";
import { ProposalList } from "./proposal-list.tsx";
import { type Heard, leftOut, type Proposal, proposalsFor, proposedRuns } from "./proposals.ts";
import { SaveState } from "./save-state.tsx";
import { SectionEditor } from "./section-editor.tsx";
import { sectionName } from "./section-names.ts";
import { SignBar } from "./sign-bar.tsx";
import { StrayWords } from "./stray-words.tsx";
import { TemplateButton, Unaccepted } from "./templates.tsx";
import { useLeftCaptures } from "./use-left-captures.ts";
import { useLeftSentences } from "./use-left-sentences.ts";
import { type NoteDraft, useNoteDraft } from "./use-note-draft.ts";
import { useOpenDraft } from "./use-open-draft.ts";

interface NoteEditorProps {
  readonly note: Note | undefined;
  /** Where the last revision is; undefined while there is none. */
  readonly mark: RecordMark | undefined;
  readonly encounterId: string;
  readonly patientId: string;
  readonly clinicianId: string;
  readonly onStart: () => Promise<void>;
  readonly onSigned: () => Promise<void>;
}

/** Where the player stands: under the section or the list whose words were tapped. */
interface Evidence {
  readonly place: NoteSection | "heard";
  readonly refs: string[];
}

/** The note in its four sections. What the draft proposes fills empty sections and waits beside written ones. */
export function NoteEditor(props: NoteEditorProps) {
  const { note, mark, encounterId, patientId, clinicianId, onStart, onSigned } = props;
  const { i18n } = useLingui();
  const { user } = useSession();
  const noteId = noteIdOf(encounterId);
  const draft = useNoteDraft({ note, noteId, kind: "visit", encounterId, patientId, onStart });
  const { proposals, heard } = useDrafts(encounterId);
  const [evidence, setEvidence] = useState<Evidence | null>(null);
  const owner = user?.id === clinicianId;
  const mine = owner || user?.role === "nurse";
  useFilledSections(note, draft, proposals, owner);
  useLeftSentences(encounterId, draft, mine);
  const strays = useLeftCaptures(props, draft, mine);
  useOpenDraft(noteId, draft, mine);

  return (
    <div className={classes.note}>
      <header className={classes.head}>
        <h2 className={classes.title}>{i18n._("Note")}</h2>
        <SaveState state={draft.state} mark={note && mark} />
      </header>
      {!mine && (
        <p className={classes.signature}>{i18n._("This note belongs to a colleague; you can read it.")}</p>
      )}
      {draft.failure && (
        <Alert color="red" variant="light" role="alert" icon={<IconAlertCircle aria-hidden />}>
          {draft.failure}{" "}
          <Button
            size="compact-md"
            variant="light"
            color="red"
            onClick={() => void draft.save().catch(() => {})}
          >
            {i18n._("Save again")}
          </Button>
        </Alert>
      )}
      {noteSections.some((section) => draft.content[section].some(isSaid)) && <SaidLegend />}
      {noteSections.map((section) => (
        <section key={section} className={classes.section}>
          <div className={classes.sectionHead}>
            <h3 className={classes.sectionName}>{sectionName(i18n, section)}</h3>
            {mine && (
              <TemplateButton
                section={section}
                label={sectionName(i18n, section)}
                content={draft.content[section]}
                onWrite={(content) => draft.write(section, content)}
              />
            )}
          </div>
          <SectionEditor
            section={section}
            label={sectionName(i18n, section)}
            content={draft.content[section]}
            editable={mine}
            onChange={(content) => draft.write(section, content)}
            onEvidence={(refs) => setEvidence({ place: section, refs })}
          />
          {evidence?.place === section && (
            <EvidenceStrip evidence={evidence.refs} onClose={() => setEvidence(null)} />
          )}
          {mine && (
            <Unaccepted
              content={draft.content[section]}
              onWrite={(content) => draft.write(section, content)}
            />
          )}
          {mine && (
            <StrayWords
              strays={strays}
              content={draft.content[section]}
              onWrite={(content) => draft.write(section, content)}
            />
          )}
          <Alternatives note={note} section={section} />
          {mine && (
            <ProposalList
              proposals={unused(proposals.get(section) ?? [], draft.content[section])}
              onInsert={(proposal) =>
                draft.write(section, appended(draft.content[section], proposedRuns([proposal])))
              }
              onEvidence={(refs) => setEvidence({ place: section, refs })}
            />
          )}
        </section>
      ))}
      {mine && (
        <HeardList
          heard={unused(
            heard,
            noteSections.flatMap((section) => draft.content[section]),
          )}
          onAdd={(one) => draft.write("subjective", appended(draft.content.subjective, quotedRun(one)))}
          onEvidence={(refs) => setEvidence({ place: "heard", refs })}
          player={(refs) =>
            evidence?.place === "heard" &&
            evidence.refs.join(" ") === refs.join(" ") && (
              <EvidenceStrip evidence={evidence.refs} onClose={() => setEvidence(null)} />
            )
          }
        />
      )}
      {owner && <SignBar draft={draft} encounterId={encounterId} patientId={patientId} onSigned={onSigned} />}
    </div>
  );
}

/** What the underline means: machine work that a person has to check. */
function SaidLegend() {
  const { i18n } = useLingui();
  return (
    <p className={classes.legend}>
      <span className={classes.legendMark}>{i18n._("Underlined")}</span>{" "}
      {i18n._(
        "sentences were drafted by the computer from what was said. Check each one before you sign: tap it to hear those seconds.",
      )}
    </p>
  );
}

const quotedRun = ({ text, evidence }: Heard): TextRun[] => [
  { text, origin: "said", evidence: [...evidence] },
];

function useDrafts(encounterId: string): {
  readonly proposals: ReadonlyMap<NoteSection, Proposal[]>;
  readonly heard: readonly Heard[];
} {
  const rows = useVisitTranscripts(encounterId);
  return { proposals: proposalsFor(rows), heard: leftOut(rows) };
}

/** A section that nobody ever wrote in is filled with what was said; one with words in it is left alone. */
function useFilledSections(
  note: Note | undefined,
  draft: NoteDraft,
  proposals: ReadonlyMap<NoteSection, Proposal[]>,
  mine: boolean,
): void {
  const { content, write } = draft;
  useEffect(() => {
    if (!mine) return;
    for (const section of noteSections) {
      const proposed = proposals.get(section) ?? [];
      const untouched = (note?.sectionRevisions[section] ?? null) === null && content[section].length === 0;
      if (untouched && proposed.length > 0) write(section, proposedRuns(proposed));
    }
  }, [note, content, write, proposals, mine]);
}

/** What stands in the text already is not offered again. */
const unused = <P extends { readonly evidence: readonly string[] }>(
  offered: readonly P[],
  content: readonly TextRun[],
): P[] => {
  const used = new Set(content.flatMap((run) => run.evidence ?? []));
  return offered.filter(({ evidence }) => !evidence.every((ref) => used.has(ref)));
};
