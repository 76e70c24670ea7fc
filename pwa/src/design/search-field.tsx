import { useLingui } from "@lingui/react";
import { TextInput } from "@mantine/core";
import { IconPencil, IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useId, useMemo, useState } from "react";
import { clinicalText } from "./clinical-text.ts";
import { type KeptForm, useKept } from "./kept-form.tsx";
import classes from "./search-field.module.css";

export interface Found {
  readonly key: string;
  readonly title: string;
  readonly detail?: string;
}

interface SearchFieldProps<T> {
  /** The form that it is a field of; absent where one only looks for somebody. */
  readonly kept?: KeptForm | undefined;
  readonly label: string;
  readonly placeholder: string;
  readonly search: (text: string) => readonly T[];
  readonly describe: (item: T) => Found;
  readonly onPick: (item: T) => void;
  /** Takes the words as they stand; absent where only an entry of the list will do. */
  readonly onWords?: (text: string) => void;
  /** Offered while nothing is typed. */
  readonly usual?: readonly T[];
  readonly autoFocus?: boolean;
}

/** Type a few letters, tap the answer; arrow keys and Enter do the same. Free words are always the last answer. */
export function SearchField<T>({
  kept,
  label,
  placeholder,
  search,
  describe,
  onPick,
  onWords,
  usual = [],
  autoFocus = false,
}: SearchFieldProps<T>) {
  const { i18n } = useLingui();
  const [text, setText] = useKept(kept, "search", "");
  const [active, setActive] = useState(0);
  const id = useId();
  const words = text.trim();
  const found = useMemo(() => (words === "" ? usual : search(words)), [words, search, usual]);
  const offersWords = onWords !== undefined && words !== "";
  const count = found.length + (offersWords ? 1 : 0);
  const take = (index: number) => {
    const item = found[index];
    if (item === undefined && !offersWords) return;
    setText(""); // it has become an answer
    if (item !== undefined) onPick(item);
    else if (offersWords) onWords(words);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setActive((now) => (now + (event.key === "ArrowDown" ? 1 : count - 1)) % Math.max(count, 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(active);
    }
  };
  const option = (index: number, content: Found, icon = false) => (
    <div
      key={content.key}
      id={`${id}-${index}`}
      role="option"
      tabIndex={-1}
      aria-selected={index === active}
      className={classes.option}
      onClick={() => take(index)}
      onKeyDown={onKeyDown}
      onMouseEnter={() => setActive(index)}
    >
      {icon && <IconPencil size={18} aria-hidden />}
      <span className={classes.optionTitle}>{content.title}</span>
      {content.detail && <span className={classes.detail}>{content.detail}</span>}
    </div>
  );
  return (
    <div className={classes.field}>
      <TextInput
        label={label}
        placeholder={placeholder}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        leftSection={<IconSearch size={20} aria-hidden />}
        role="combobox"
        aria-expanded={count > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(count > 0 ? { "aria-activedescendant": `${id}-${active}` } : {})}
        {...(autoFocus ? { "data-autofocus": true } : {})}
        {...clinicalText}
        autoCapitalize="off"
      />
      <div
        id={`${id}-list`}
        role="listbox"
        tabIndex={-1}
        aria-label={i18n._("Found")}
        className={classes.list}
        hidden={count === 0}
      >
        {found.map((item, index) => option(index, describe(item)))}
        {offersWords &&
          option(found.length, { key: "words", title: i18n._("Use “{words}” as written", { words }) }, true)}
      </div>
      {words !== "" && count === 0 && <p className={classes.nothing}>{i18n._("Nothing found.")}</p>}
    </div>
  );
}
