import { getSchema } from "@tiptap/core";
import { Document } from "@tiptap/extension-document";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";
import { EditorState, type Plugin, TextSelection } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { expect, test } from "vitest";
import { templatesFor } from "#domain/note/note-templates.ts";
import { documentOf, OriginMark, runsOf } from "./note-text.ts";
import { insertSnippet, matchingTemplates, SnippetExtension, snippetMenu } from "./snippet-menu.ts";

const exam = templatesFor("objective_exam");

/** The editor without a page around it: its state, and the keys that reach the menu. */
function editor(text = "") {
  const schema = getSchema([Document, Paragraph, Text, OriginMark]);
  const plugins = SnippetExtension.config.addProseMirrorPlugins!.call({
    options: { templates: exam },
  } as never) as Plugin[];
  const doc = schema.nodeFromJSON(documentOf(text ? [{ text, origin: "typed" }] : []));
  const view = {
    state: EditorState.create({ doc, plugins, selection: TextSelection.atEnd(doc) }),
    dispatch(transaction: Parameters<EditorView["dispatch"]>[0]) {
      view.state = view.state.apply(transaction);
    },
    focus() {},
  };
  return {
    view: view as unknown as EditorView,
    titles: () => snippetMenu(view.state)?.found.map(({ title }) => title) ?? null,
    type(words: string) {
      for (const letter of words) {
        view.dispatch(view.state.tr.insertText(letter));
      }
    },
    deleteLetter() {
      const { from } = view.state.selection;
      view.dispatch(view.state.tr.delete(from - 1, from));
    },
    press(key: string) {
      const event = { key, isComposing: false, stopPropagation() {} } as KeyboardEvent;
      return (plugins[0]!.props.handleKeyDown as (view: EditorView, event: KeyboardEvent) => boolean)(
        view as unknown as EditorView,
        event,
      );
    },
    runs: () => runsOf(view.state.doc.toJSON()),
  };
}

test('"/" at the start of a word lists the section\'s templates; inside a word it is a slash', () => {
  const { type, titles } = editor();
  type("120/");
  expect(titles()).toBeNull();
  type("80 /");
  expect(titles()).toEqual(exam.map(({ title }) => title));
  type("heart");
  expect(titles()).toEqual(["Heart and lungs, normal"]);
  type("zzz");
  expect(titles()).toBeNull();
});

test("titles come before sentences, accents and case do not matter", () => {
  expect(matchingTemplates(exam, "NOSE").map(({ id }) => id)).toEqual(["exam-ent"]);
  expect(matchingTemplates(exam, "edema").map(({ id }) => id)).toEqual(["exam-heart-lungs"]);
  expect(matchingTemplates(exam, "foot")[0]?.id).toBe("exam-foot");
});

test("C11: Enter puts the words in as a template's, each sentence by itself", () => {
  const one = editor("Well.");
  one.type(" /gen");
  expect(one.press("Enter")).toBe(true);
  expect(one.titles()).toBeNull();
  expect(one.runs()).toEqual([
    { text: "Well. ", origin: "typed" },
    { text: "Alert, comfortable, in no distress.", origin: "template" },
    { text: " ", origin: "typed" },
    { text: "Skin warm and dry.", origin: "template" },
  ]);
});

test("arrow keys walk and come round, a tap takes any entry", () => {
  const one = editor();
  one.type("/");
  expect(one.press("ArrowUp")).toBe(true);
  expect(snippetMenu(one.view.state)?.active).toBe(exam.length - 1);
  one.press("ArrowDown");
  expect(snippetMenu(one.view.state)?.active).toBe(0);
  insertSnippet(one.view, exam[1]!);
  expect(one.runs()[0]).toEqual({ text: exam[1]!.sentences[0], origin: "template" });
});

test("Escape leaves the slash as typed, and typing on does not open the list again", () => {
  const one = editor();
  one.type("/he");
  expect(one.press("Escape")).toBe(true);
  expect(one.titles()).toBeNull();
  one.type("a");
  expect(one.titles()).toBeNull();
  expect(one.press("Enter")).toBe(false);
  expect(one.runs()).toEqual([{ text: "/hea", origin: "typed" }]);
  for (let i = 0; i < 3; i++) one.deleteLetter();
  expect(one.runs()).toEqual([{ text: "/", origin: "typed" }]);
  expect(one.titles()).toBeNull();
  one.type(" /");
  expect(one.titles()).not.toBeNull();
});
