import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { after } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import {
  changedSections,
  emptyContent,
  type Note,
  type NoteContent,
  type NoteSection,
  noteSections,
  revisionHash,
  type TextRun,
} from "#domain/note/index.ts";
import type { ArgsOf } from "#domain/registry.ts";
import { errorText } from "#pwa/language/error-text.ts";
import { local, mutate, typing } from "#pwa/local/index.ts";

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

interface Revision {
  readonly id: string;
  readonly content: NoteContent;
}

/** By section: the revisions whose words its author had before them when they began to write. */
type Seen = Partial<Record<NoteSection, readonly string[]>>;

/** Words that could not be saved before the screen went (a full disk, and then the lock), and what they were based on. */
interface Left {
  readonly edits: Partial<NoteContent>;
  readonly base: Revision | null;
  readonly seen: Seen;
}

/** By author and note: the words are there again when their author is, while this tab lives. */
const leftBehind = new Map<string, Left>();

const authorId = (): string => local().session.get().user?.id ?? "";

function takeLeft(noteId: string): Left | null {
  const key = `${authorId()}/${noteId}`;
  const left = leftBehind.get(key) ?? null;
  leftBehind.delete(key);
  return left;
}

/** The note as it is being written: every pause becomes a revision on this tablet, based on what the author saw. */
export function useNoteDraft(options: NoteDraftOptions): NoteDraft {
  const { note, noteId, kind, encounterId, patientId, onStart } = options;
  const stored = useMemo(() => note?.content ?? emptyContent(), [note]);
  const [left] = useState(() => takeLeft(noteId));
  const [edits, setEdits] = useState<Partial<NoteContent>>(left?.edits ?? {});
  const [state, setState] = useState<NoteDraft["state"]>(left ? "unsaved" : "saved");
  const [failure, setFailure] = useState<string | null>(null);
  const latest = useRef({ note, stored, edits });
  latest.current = { note, stored, edits };
  const queue = useRef(Promise.resolve());
  /** The revision this page wrote last: what the next one is based on, also before the view has caught up. */
  const written = useRef<Revision | null>(left?.base ?? null);
  const seen = useRef<Seen>(left?.seen ?? {});
  const own = useRef<Partial<Record<NoteSection, string>>>({});

  const revise = useCallback(
    async (change: Pick<ArgsOf<"note.revise">, "base" | "seen" | "content" | "changed">) => {
      const revisionId = newId();
      await mutate("note.revise", { id: noteId, encounterId, patientId, kind, revisionId, ...change });
      written.current = { id: revisionId, content: change.content };
      for (const section of change.changed) {
        own.current[section] = revisionId;
        seen.current = { ...seen.current, [section]: [revisionId] };
      }
      return written.current;
    },
    [noteId, kind, encounterId, patientId],
  );

  const saveNow = useCallback(async () => {
    const { note: present, stored: base, edits: words } = latest.current;
    const content = { ...base, ...words };
    // The view may not have caught up with the last save: words that are new to either of the two are a change.
    const changed = [base, written.current?.content ?? base]
      .flatMap((before) => changedSections(before, content))
      .filter((section, index, all) => words[section] !== undefined && all.indexOf(section) === index);
    if (changed.length > 0) {
      setState("saving");
      await onStart?.();
      await revise({
        base: written.current?.id ?? present?.revisionId ?? null,
        seen: changed.flatMap((section) => seen.current[section] ?? []),
        content,
        changed,
      });
    }
    setEdits((now) =>
      Object.fromEntries(
        Object.entries(now).filter(([section, runs]) => runs !== words[section as NoteSection]),
      ),
    );
    setFailure(null);
    setState("saved");
  }, [revise, onStart]);

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
  useEffect(() => (pending ? typing(save) : undefined), [pending, save]);

  // Leaving the page or hiding it is a pause too.
  useEffect(() => {
    const flush = () => void save().catch(() => {});
    document.addEventListener("visibilitychange", flush);
    const author = authorId();
    return () => {
      document.removeEventListener("visibilitychange", flush);
      save().catch(() => {
        const { note: present, stored: content, edits: words } = latest.current;
        const base = written.current ?? (present ? { id: present.revisionId, content } : null);
        leftBehind.set(`${author}/${noteId}`, { edits: words, base, seen: seen.current });
      });
    };
  }, [save, noteId]);

  const write = useCallback((section: NoteSection, content: TextRun[]) => {
    const { note: present, edits: words } = latest.current;
    // From now on the screen keeps this author's words: what a colleague writes here meanwhile has not been seen.
    if (words[section] === undefined) {
      const stood = [own.current[section], present?.sectionRevisions[section]];
      seen.current = { ...seen.current, [section]: [...new Set(stood)].filter((id) => id != null) };
    }
    setEdits((now) => ({ ...now, [section]: content }));
    setState("unsaved");
  }, []);

  const sign = useCallback(async () => {
    // What is signed is what is on the screen now, whatever arrives while it is saved.
    const { note: present, stored: base, edits: words } = latest.current;
    const shown = { ...base, ...words };
    const stood = Object.values({ ...present?.sectionRevisions });
    await save();
    let signed = written.current;
    // A note that several wrote stands on several revisions: it becomes one first.
    if (present && (!signed || changedSections(signed.content, shown).length > 0))
      signed = await revise({
        base: signed?.id ?? present.revisionId,
        seen: [...new Set([...stood, ...Object.values(own.current)])].filter((id) => id !== null),
        content: shown,
        changed: [...noteSections],
      });
    if (!signed) return;
    const signature = { id: noteId, revisionId: signed.id, hash: revisionHash(noteId, signed.content) };
    await mutate(kind === "nurse" ? "note.signNurseNote" : "note.sign", signature);
  }, [save, revise, noteId, kind]);

  const content = useMemo(() => ({ ...stored, ...edits }), [stored, edits]);
  return { content, state, failure, write, save, sign };
}
