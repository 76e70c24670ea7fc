import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { after } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import {
  changedSections,
  emptyContent,
  type Note,
  type NoteContent,
  type NoteSection,
  revisionHash,
  type TextRun,
} from "#domain/note/index.ts";
import { errorText } from "#pwa/language/error-text.ts";
import { mutate, typing } from "#pwa/local/index.ts";

/** Milliseconds without a key after which the words are saved. */
const PAUSE = 700;

export interface NoteDraft {
  readonly content: NoteContent;
  /** `unsaved` for the moments between a key and the pause; `failed` keeps the words on the screen and says so. */
  readonly state: "saved" | "unsaved" | "saving" | "failed";
  readonly failure: string | null;
  write(section: NoteSection, content: TextRun[]): void;
  /** Saves now; resolves when the words are on the disk. */
  save(): Promise<void>;
  /** Saves, then signs exactly the revision that is shown. */
  sign(): Promise<void>;
}

interface NoteDraftOptions {
  readonly note: Note | undefined;
  /** The id that the note has or will have. */
  readonly noteId: string;
  readonly kind: Note["kind"];
  readonly encounterId: string | null;
  readonly patientId: string;
  /** Begins what the note belongs to, before the first words are saved. */
  readonly onStart?: () => Promise<void>;
}

/** The note as it is being written: every pause becomes a revision on this tablet, based on what the author saw. */
export function useNoteDraft(options: NoteDraftOptions): NoteDraft {
  const { note, noteId, kind, encounterId, patientId, onStart } = options;
  const stored = useMemo(() => note?.content ?? emptyContent(), [note]);
  const [edits, setEdits] = useState<Partial<NoteContent>>({});
  const [state, setState] = useState<NoteDraft["state"]>("saved");
  const [failure, setFailure] = useState<string | null>(null);
  const latest = useRef({ note, stored, edits });
  latest.current = { note, stored, edits };
  const queue = useRef(Promise.resolve());
  /** The revision this page wrote last: what the next one is based on, also before the view has caught up. */
  const written = useRef<{ id: string; content: NoteContent } | null>(null);

  const saveNow = useCallback(async () => {
    const { note: present, stored: base, edits: words } = latest.current;
    const content = { ...base, ...words };
    const changed = changedSections(written.current?.content ?? base, content).filter(
      (section) => words[section] !== undefined,
    );
    if (changed.length === 0) return;
    setState("saving");
    await onStart?.();
    const revisionId = newId();
    await mutate("note.revise", {
      id: noteId,
      encounterId,
      patientId,
      revisionId,
      base: written.current?.id ?? present?.revisionId ?? null,
      content,
      changed,
      kind,
    });
    written.current = { id: revisionId, content };
    setEdits((now) =>
      Object.fromEntries(
        Object.entries(now).filter(([section, runs]) => runs !== words[section as NoteSection]),
      ),
    );
    setFailure(null);
    setState("saved");
  }, [noteId, kind, encounterId, patientId, onStart]);

  const save = useCallback(() => {
    const next = queue.current.then(saveNow).catch((error: unknown) => {
      setFailure(errorText(error));
      setState("failed");
      throw error;
    });
    queue.current = next.catch(() => {});
    return next;
  }, [saveNow]);

  const pending = Object.keys(edits).length > 0;
  useEffect(() => {
    if (!pending || state === "failed") return;
    return after(PAUSE, () => void save().catch(() => {}));
  }, [pending, state, save, edits]);

  // The chip says nothing better than the facts: words that are only on the screen are not saved.
  useEffect(() => (pending ? typing() : undefined), [pending]);

  // Leaving the page or hiding it is a pause too.
  useEffect(() => {
    const flush = () => void save().catch(() => {});
    document.addEventListener("visibilitychange", flush);
    return () => {
      document.removeEventListener("visibilitychange", flush);
      flush();
    };
  }, [save]);

  const write = useCallback((section: NoteSection, content: TextRun[]) => {
    setEdits((now) => ({ ...now, [section]: content }));
    setState("unsaved");
  }, []);

  const sign = useCallback(async () => {
    await save();
    const { note: present, stored: base } = latest.current;
    // A colleague's words may have arrived since: what is signed is what is shown, so it becomes a revision first.
    const changed = written.current ? changedSections(written.current.content, base) : [];
    if (present && changed.length > 0) {
      const revisionId = newId();
      await mutate("note.revise", {
        id: noteId,
        encounterId,
        patientId,
        revisionId,
        base: present.revisionId,
        content: base,
        changed,
        kind,
      });
      written.current = { id: revisionId, content: base };
    }
    const seen = written.current ?? (present && { id: present.revisionId, content: base });
    if (!seen) return;
    const signature = { id: noteId, revisionId: seen.id, hash: revisionHash(noteId, seen.content) };
    await mutate(kind === "nurse" ? "note.signNurseNote" : "note.sign", signature);
  }, [save, noteId, kind, encounterId, patientId]);

  const content = useMemo(() => ({ ...stored, ...edits }), [stored, edits]);
  return { content, state, failure, write, save, sign };
}
