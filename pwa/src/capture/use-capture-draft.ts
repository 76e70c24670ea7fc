import { useCallback, useEffect, useRef, useState } from "react";
import { newSalt } from "#domain/capture/index.ts";
import { after } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { errorText } from "#pwa/language/error-text.ts";
import { mutate, typing } from "#pwa/local/index.ts";
import { author, leave, takeLeft } from "./left-behind.ts";

/** Milliseconds without a key after which the words are sealed as they are. */
const PAUSE = 700;

interface Words {
  readonly label: string;
  readonly text: string;
}

export interface CaptureDraft extends Words {
  readonly id: string;
  /** Something of it is on the disk. */
  readonly begun: boolean;
  readonly saved: boolean;
  readonly failure: string | null;
  /** Its recording was begun: there is one for a note. */
  readonly recorded: boolean;
  record(): void;
  write(words: Partial<Words>): void;
  /** Seals what stands there now; resolves when it is on the disk. */
  save(): Promise<void>;
}

const nothing: Words = { label: "", text: "" };
const same = (a: Words, b: Words): boolean => a.label === b.label && a.text === b.text;

/**
 * What is being written without reading: every pause seals all that stands there, for the clinic alone. So a lock, a
 * killed tab and an empty battery put it away as it is, and nothing has to be opened again to finish it.
 */
export function useCaptureDraft(): CaptureDraft {
  const [start] = useState(() => takeLeft());
  const [id] = useState(() => start?.id ?? newId());
  const [words, setWords] = useState<Words>(start ?? nothing);
  const [recorded, setRecorded] = useState(start?.recorded ?? false);
  const [sealed, setSealed] = useState<Words>(nothing);
  const [failure, setFailure] = useState<string | null>(null);
  const latest = useRef({ ...words, recorded });
  latest.current = { ...words, recorded };
  const written = useRef<Words>(nothing);
  const queue = useRef(Promise.resolve());

  const save = useCallback((): Promise<void> => {
    const next = queue.current.then(async () => {
      const { label, text } = latest.current;
      const now = { label, text };
      if (same(now, written.current)) return;
      try {
        await mutate("capture.write", { id, ...now, salt: newSalt() });
      } catch (error) {
        setFailure(errorText(error));
        throw error;
      }
      written.current = now;
      setSealed(now);
      setFailure(null);
    });
    queue.current = next.catch(() => {});
    return next;
  }, [id]);

  const saved = same(words, sealed);
  useEffect(() => {
    if (saved || failure) return;
    return after(PAUSE, () => void save().catch(() => {}));
  }, [saved, failure, save, words]);

  // The chip says nothing better than the facts, and a lock waits for the disk.
  useEffect(() => (saved ? undefined : typing(save)), [saved, save]);

  useEffect(() => {
    const flush = () => void save().catch(() => {});
    document.addEventListener("visibilitychange", flush);
    const who = author();
    return () => {
      document.removeEventListener("visibilitychange", flush);
      save().catch(() => leave(who, { id, ...latest.current }));
    };
  }, [save, id]);

  const write = useCallback((next: Partial<Words>) => {
    setFailure(null);
    setWords((now) => ({ ...now, ...next }));
  }, []);
  const record = useCallback(() => setRecorded(true), []);
  return { id, ...words, begun: sealed !== nothing, saved, failure, recorded, record, write, save };
}
