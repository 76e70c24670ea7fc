import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";
import { UndoRedo } from "@tiptap/extensions";
import { EditorContent, useEditor } from "@tiptap/react";
import { useEffect, useId, useRef } from "react";
import { type NoteSection, sameSection, type TextRun } from "#domain/note/index.ts";
import { templatesFor } from "#domain/note/note-templates.ts";
import classes from "./note.module.css";
import { documentOf, OriginMark, runsOf } from "./note-text.ts";
import { SnippetList } from "./snippet-list.tsx";
import { fieldRole, SnippetExtension, snippetMenu } from "./snippet-menu.ts";

interface SectionEditorProps {
  readonly section: NoteSection;
  readonly label: string;
  readonly content: readonly TextRun[];
  readonly editable: boolean;
  readonly onChange: (content: TextRun[]) => void;
  /** A tap on a sentence that was said: its evidence, as `<transcriptId>/<segmentId>`. */
  readonly onEvidence: (evidence: string[]) => void;
}

/** One section of the note. Text from outside replaces what is shown only while nobody has unsaved words in it. */
export function SectionEditor(props: SectionEditorProps) {
  const { section, label, content, editable, onChange, onEvidence } = props;
  const listId = useId();
  const handlers = useRef({ onChange, onEvidence });
  handlers.current = { onChange, onEvidence };
  const editor = useEditor({
    extensions: [
      Document,
      Paragraph,
      Text,
      HardBreak,
      UndoRedo,
      OriginMark,
      SnippetExtension.configure({ templates: templatesFor(section) }),
    ],
    content: documentOf(content),
    editable,
    injectCSS: false,
    editorProps: {
      attributes: (state) => ({
        class: classes.text!,
        ...fieldRole(snippetMenu(state), listId),
        "aria-label": label,
        // Spell-check services send words away from the tablet (C28).
        spellcheck: "false",
        autocorrect: "off",
        autocapitalize: "sentences",
      }),
      handleClick(_view, _position, event) {
        const said = (event.target as HTMLElement).closest<HTMLElement>('[data-origin="said"]');
        if (said?.dataset.evidence) handlers.current.onEvidence(said.dataset.evidence.split(" "));
        return false;
      },
    },
    onUpdate: ({ editor: changed }) => handlers.current.onChange(runsOf(changed.getJSON())),
  });

  useEffect(() => {
    editor?.setEditable(editable, false);
  }, [editor, editable]);

  useEffect(() => {
    if (!editor || sameSection(runsOf(editor.getJSON()), content)) return;
    editor.commands.setContent(documentOf(content), { emitUpdate: false });
  }, [editor, content]);

  return (
    <>
      <EditorContent editor={editor} className={classes.editor} />
      {editor && editable && <SnippetList editor={editor} id={listId} section={label} />}
    </>
  );
}
