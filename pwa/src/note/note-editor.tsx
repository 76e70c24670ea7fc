import { useLingui } from "@lingui/react";
import { Alert, Button } from "@mantine/core";
import { IconAlertCircle, IconCheck, IconLoader2 } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { type Note, type NoteSection, noteSections, sectionText, type TextRun } from "#domain/note/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { useRows, useSession } from "#pwa/local/index.ts";
import { EvidenceStrip } from "#pwa/transcript/index.ts";
import { Alternatives } from "./alternatives.tsx";
import classes from "./note.module.css";
import { ProposalList } from "./proposal-list.tsx";
import { type Proposal, proposalsFor, proposedRuns } from "./proposals.ts";
import { SectionEditor } from "./section-editor.tsx";
import { sectionName } from "./section-names.ts";
import { SignBar } from "./sign-bar.tsx";
import { TemplateButton, Unaccepted } from "./templates.tsx";
import { type NoteDraft, useNoteDraft } from "./use-note-draft.ts";

interface NoteEditorProps {
  readonly note: Note | undefined;
  readonly encounterId: string;
  readonly patientId: string;
  readonly clinicianId: string;
  readonly onStart: () => Promise<void>;
}

/** The note in its four sections. What the draft proposes fills empty sections and waits beside written ones. */
export function NoteEditor({ note, encounterId, patientId, clinicianId, onStart }: NoteEditorProps) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const draft = useNoteDraft({ note, encounterId, patientId, onStart });
  const proposals = useProposals(encounterId);
  const [evidence, setEvidence] = useState<{ section: NoteSection; refs: string[] } | null>(null);
  const owner = user?.id === clinicianId;
  const mine = owner || user?.role === "nurse";
  useFilledSections(note, draft, proposals, owner);

  return (
    <div className={classes.note}>
      <header className={classes.head}>
        <h2 className={classes.title}>{i18n._("Note")}</h2>
        <SaveState draft={draft} />
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
            label={sectionName(i18n, section)}
            content={draft.content[section]}
            editable={mine}
            onChange={(content) => draft.write(section, content)}
            onEvidence={(refs) => setEvidence({ section, refs })}
          />
          {evidence?.section === section && (
            <EvidenceStrip evidence={evidence.refs} onClose={() => setEvidence(null)} />
          )}
          {mine && (
            <Unaccepted
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
              onEvidence={(refs) => setEvidence({ section, refs })}
            />
          )}
        </section>
      ))}
      {owner && <SignBar draft={draft} patientId={patientId} />}
    </div>
  );
}

function useProposals(encounterId: string): ReadonlyMap<NoteSection, Proposal[]> {
  const { rows } = useRows("transcript", { where: { encounterId } });
  return proposalsFor(rows);
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

const unused = (proposals: readonly Proposal[], content: readonly TextRun[]): Proposal[] => {
  const used = new Set(content.flatMap((run) => run.evidence ?? []));
  return proposals.filter((proposal) => !proposal.evidence.every((ref) => used.has(ref)));
};

const appended = (content: readonly TextRun[], runs: readonly TextRun[]): TextRun[] =>
  sectionText(content).trim() === ""
    ? [...runs]
    : [...content, { text: "\n", origin: "typed" as const }, ...runs];

function SaveState({ draft }: { readonly draft: NoteDraft }) {
  const { i18n } = useLingui();
  if (draft.state === "failed")
    return (
      <StateBadge tone="bad" icon={IconAlertCircle}>
        {i18n._("Not saved")}
      </StateBadge>
    );
  if (draft.state === "saved")
    return (
      <StateBadge tone="good" icon={IconCheck}>
        {i18n._("Saved on this tablet")}
      </StateBadge>
    );
  return <StateBadge icon={IconLoader2}>{i18n._("Saving")}</StateBadge>;
}
