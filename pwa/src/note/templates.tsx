import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconCheck, IconTemplate, IconTrash } from "@tabler/icons-react";
import { useId, useRef } from "react";
import { type NoteSection, sectionText, type TextRun } from "#domain/note/index.ts";
import {
  accepted,
  type NoteTemplate,
  templateRuns,
  templatesFor,
  unaccepted,
  withoutTemplate,
} from "#domain/note/note-templates.ts";
import classes from "./note.module.css";

interface TemplatesProps {
  readonly section: NoteSection;
  readonly label: string;
  readonly content: readonly TextRun[];
  readonly onWrite: (content: TextRun[]) => void;
}

/** Ready words for a section. What comes in by them is marked and counts as nothing until it is accepted (C11). */
export function TemplateButton({ section, label, content, onWrite }: TemplatesProps) {
  const { i18n } = useLingui();
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const insert = (one: NoteTemplate) => {
    menu.current?.hidePopover();
    const before =
      sectionText(content).trim() === "" ? [] : [...content, { text: "\n", origin: "typed" as const }];
    onWrite([...before, ...templateRuns(one)]);
  };
  /** Beside its button, above it where there is no room below. */
  const place = () => {
    const at = button.current?.getBoundingClientRect();
    if (!at || !menu.current) return;
    const below = at.bottom < innerHeight * 0.5;
    menu.current.style.right = `${innerWidth - at.right}px`;
    menu.current.style.top = below ? `${at.bottom + 6}px` : "auto";
    menu.current.style.bottom = below ? "auto" : `${innerHeight - at.top + 6}px`;
  };
  return (
    <>
      <Button
        ref={button}
        variant="subtle"
        h={44}
        leftSection={<IconTemplate size={20} aria-hidden />}
        popoverTarget={id}
        onClick={place}
      >
        {i18n._("Templates")}
        <span className={classes.hiddenWords}>{i18n._("for {section}", { section: label })}</span>
      </Button>
      <div id={id} popover="auto" ref={menu} className={classes.templateMenu}>
        {templatesFor(section).map((one) => (
          <button key={one.id} type="button" className={classes.template} onClick={() => insert(one)}>
            <strong>{one.title}</strong>
            <span className={classes.templateText}>{one.sentences.join(" ")}</span>
          </button>
        ))}
      </div>
    </>
  );
}

/** The sentences that came from a template and that nobody has taken as their own yet. */
export function Unaccepted({ content, onWrite }: Pick<TemplatesProps, "content" | "onWrite">) {
  const { i18n } = useLingui();
  const waiting = unaccepted(content);
  if (waiting.length === 0) return null;
  return (
    <section className={classes.unaccepted} aria-label={i18n._("From a template, not accepted yet")}>
      <div className={classes.unacceptedRow}>
        <strong>{i18n._("From a template, not accepted yet")}</strong>
        <Button
          variant="light"
          leftSection={<IconCheck size={20} aria-hidden />}
          onClick={() => onWrite(accepted(content))}
        >
          {i18n._("Accept all")}
        </Button>
      </div>
      {waiting.map(({ text }, index) => (
        <div key={`${index} ${text}`} className={classes.unacceptedRow}>
          <span>{text}</span>
          <span style={{ display: "flex", gap: "0.25rem" }}>
            <button
              type="button"
              className={classes.listen}
              aria-label={i18n._("Accept “{text}”", { text })}
              onClick={() => onWrite(accepted(content, text))}
            >
              <IconCheck size={20} aria-hidden />
            </button>
            <button
              type="button"
              className={classes.listen}
              aria-label={i18n._("Remove “{text}”", { text })}
              onClick={() => onWrite(withoutTemplate(content, text))}
            >
              <IconTrash size={20} aria-hidden />
            </button>
          </span>
        </div>
      ))}
    </section>
  );
}
