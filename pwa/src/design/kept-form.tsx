import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { type Dispatch, type SetStateAction, useCallback, useEffect, useRef, useState } from "react";
import { after } from "#domain/kernel/clock.ts";
import { dateIn } from "#domain/kernel/instant.ts";
import { dateTimeText, timeText } from "#pwa/language/language.ts";
import { local, useSession } from "#pwa/local/index.ts";
import { FormWords } from "./form-words.ts";
import classes from "./kept-form.module.css";

/** Which form, of which patient, about what: words come back only where all of it is the same. */
export interface KeptPlace {
  readonly form: string;
  readonly patientId?: string | undefined;
  /** The record that it is about. */
  readonly of?: string | undefined;
}

export interface KeptForm {
  readonly words: FormWords;
  /** When what was put back in was typed; null where nothing was, or it was thrown away. */
  readonly from: string | null;
  throwAway(): void;
  /** The form is saved or cancelled: what stood in it is not kept any longer. */
  end(): void;
  /** The same before `next`, which closes it. */
  closing<A extends readonly unknown[]>(next: (...args: A) => void): (...args: A) => void;
}

/**
 * Keeps what stands in a form when a lock, a reload or another tab takes it from the screen: sealed, for this person in this
 * role, until the form is saved or cancelled. Its fields are {@link useKept}; secrets never are.
 * @param inside it stands in a sheet that others close: whatever takes it from an unlocked screen cancels it
 */
export function useKeptForm(
  { form, patientId = "", of = "" }: KeptPlace,
  { inside = false }: { readonly inside?: boolean } = {},
): KeptForm {
  const { user } = useSession();
  const [words] = useState(
    () => new FormWords(local().keptWords(), [user?.role ?? "", form, patientId, of].join(" ")),
  );
  const [from, setFrom] = useState(words.from);
  useEffect(() => {
    const save = () =>
      void local()
        .keptWords()
        ?.save()
        .catch(() => {});
    document.addEventListener("visibilitychange", save);
    return () => document.removeEventListener("visibilitychange", save);
  }, []);
  const mounted = useRef(false);
  useEffect(() => {
    if (!inside) return;
    const { session, keptWords } = local();
    const { state } = session.get();
    const kept = keptWords();
    mounted.current = true;
    return () => {
      mounted.current = false;
      after(0, () => {
        const stillThere = session.get().state === state && keptWords() === kept;
        if (!mounted.current && stillThere) words.end();
      });
    };
  }, [inside, words]);
  return {
    words,
    from,
    throwAway() {
      words.throwAway();
      setFrom(null);
    },
    end: () => words.end(),
    closing:
      (next) =>
      (...args) => {
        words.end();
        next(...args);
      },
  };
}

interface KeptOptions {
  /** Nothing that was typed: it is kept with what was, and is alone no reason to keep anything. */
  readonly beside?: boolean;
}

/** Like `useState`, for a field of a {@link useKeptForm}; without one nothing is kept. What it holds has to be plain enough for JSON. */
export function useKept<T>(
  form: KeptForm | undefined,
  name: string,
  initial: T,
  { beside = false }: KeptOptions = {},
): [T, Dispatch<SetStateAction<T>>] {
  const [words] = useState(() => form?.words ?? new FormWords(null, ""));
  const [first] = useState(initial);
  const [value, setValue] = useState(() => words.start(name, first, beside));
  const latest = useRef(value);
  const set = useCallback(
    (next: SetStateAction<T>) => {
      latest.current = typeof next === "function" ? (next as (now: T) => T)(latest.current) : next;
      words.write(name, latest.current, first, beside);
      setValue(latest.current);
    },
    [words, name, first, beside],
  );
  useEffect(() => words.onReset(() => set(() => first)), [words, set, first]);
  return [value, set];
}

/** Says that the words here were typed before, and takes them away again. */
export function KeptLine({ kept }: { readonly kept: KeptForm }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  if (kept.from === null) return null;
  const zone = practice?.zone ?? "UTC";
  const isToday = dateIn(zone) === dateIn(zone, kept.from);
  const when = isToday ? timeText(kept.from, zone) : dateTimeText(kept.from, zone);
  return (
    <p className={classes.line} role="status">
      <IconHistory size={18} aria-hidden />
      {i18n._("Kept from {when}", { when })}
      <span aria-hidden>·</span>
      <Button
        variant="subtle"
        size="sm"
        h={44}
        px="xs"
        onClick={(event) => {
          // The button goes: whoever came by keyboard goes on in the first field.
          event.currentTarget.closest("form")?.querySelector<HTMLElement>("input, textarea")?.focus();
          kept.throwAway();
        }}
      >
        {i18n._("Throw away")}
      </Button>
    </p>
  );
}
