import { Extension } from "@tiptap/core";
import { type EditorState, Plugin, PluginKey, type Transaction } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { folded } from "#domain/kernel/fold.ts";
import { type NoteTemplate, templateRuns } from "#domain/note/note-templates.ts";

/** The list that "/" opens: what of the text it stands for, what fits it, and which entry Enter takes. */
export interface SnippetMenu {
  readonly from: number;
  readonly to: number;
  readonly found: readonly NoteTemplate[];
  readonly active: number;
}

interface MenuState {
  readonly menu: SnippetMenu | null;
  /** Where a "/" stands that was closed by Escape: it is only a slash from then on. */
  readonly closedAt: number | null;
}

type Command = { readonly active: number } | "close";

const key = new PluginKey<MenuState>("snippets");
const shut: MenuState = { menu: null, closedAt: null };

export const snippetMenu = (state: EditorState): SnippetMenu | null => key.getState(state)?.menu ?? null;

/** Templates whose title, or else whose sentences, hold every word that was typed after the "/". */
export function matchingTemplates(templates: readonly NoteTemplate[], query: string): NoteTemplate[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  const holds = (text: string) => words.every((word) => folded(text).includes(word));
  const byTitle = templates.filter(({ title }) => holds(title));
  const bySentence = templates.filter((one) => !byTitle.includes(one) && holds(one.sentences.join(" ")));
  return [...byTitle, ...bySentence];
}

/** A "/" at the start of a word right before the cursor, with the words typed after it: "120/80" is none. */
function slashBeforeCursor({ selection }: EditorState): { from: number; to: number; query: string } | null {
  if (!selection.empty) return null;
  const { $from, from: to } = selection;
  const before = $from.parent.textBetween(0, $from.parentOffset, undefined, "\n");
  const typed = /(?:^|\s)\/((?:[\p{Letter}\p{Number}][\p{Letter}\p{Number} ,-]{0,30})?)$/u.exec(before)?.[1];
  return typed === undefined ? null : { from: to - typed.length - 1, to, query: typed };
}

function nextState(
  transaction: Transaction,
  now: MenuState,
  state: EditorState,
  templates: readonly NoteTemplate[],
): MenuState {
  const command = transaction.getMeta(key) as Command | undefined;
  if (command === "close") return { menu: null, closedAt: now.menu?.from ?? null };
  if (command) return now.menu ? { ...now, menu: { ...now.menu, active: command.active } } : now;
  if (!transaction.docChanged && !transaction.selectionSet) return now;
  const slash = slashBeforeCursor(state);
  if (!slash) return shut;
  if (slash.from === now.closedAt) return now;
  // Only a key opens it: text that arrives from elsewhere, or a tap behind a slash, does not.
  const typed = transaction.docChanged && slash.query === "" && !transaction.getMeta("preventUpdate");
  if (!now.menu && !typed) return shut;
  const found = matchingTemplates(templates, slash.query);
  return found.length === 0
    ? shut
    : { menu: { from: slash.from, to: slash.to, found, active: 0 }, closedAt: null };
}

/** Puts a template's sentences where the "/" stood. They count as nothing until they are accepted (C11). */
export function insertSnippet(view: EditorView, template: NoteTemplate): void {
  const menu = snippetMenu(view.state);
  if (!menu) return;
  const { schema, tr } = view.state;
  const nodes = templateRuns(template).map(({ text, origin }) =>
    schema.text(text, origin === "typed" ? [] : [schema.mark("origin", { origin, evidence: "" })]),
  );
  view.dispatch(tr.replaceWith(menu.from, menu.to, nodes).scrollIntoView());
  view.focus();
}

function onKey(view: EditorView, event: KeyboardEvent): boolean {
  const menu = snippetMenu(view.state);
  if (!menu || event.isComposing) return false;
  const tell = (command: Command) => view.dispatch(view.state.tr.setMeta(key, command));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) tell({ active: (menu.active + step + menu.found.length) % menu.found.length });
  else if (event.key === "Enter") insertSnippet(view, menu.found[menu.active]!);
  else if (event.key === "Escape") tell("close");
  else return false;
  // What lies around the editor (a sheet, the page) is not meant.
  event.stopPropagation();
  return true;
}

/** "/" at the start of a word lists the section's templates. */
export const SnippetExtension = Extension.create<{ templates: readonly NoteTemplate[] }>({
  name: "snippets",
  // Before the editor's own Enter and arrow keys.
  priority: 1000,
  addOptions: () => ({ templates: [] }),
  addProseMirrorPlugins() {
    const { templates } = this.options;
    return [
      new Plugin<MenuState>({
        key,
        state: {
          init: () => shut,
          apply: (transaction, now, _before, state) => nextState(transaction, now, state, templates),
        },
        props: {
          handleKeyDown: onKey,
          handleDOMEvents: {
            blur: (view) => {
              if (snippetMenu(view.state)) view.dispatch(view.state.tr.setMeta(key, "close"));
              return false;
            },
          },
        },
      }),
    ];
  },
});

/** What the text field is to a screen reader: with the list open, the field that the list belongs to. */
export function fieldRole(menu: SnippetMenu | null, listId: string): Record<string, string> {
  if (!menu) return { role: "textbox", "aria-multiline": "true" };
  return {
    role: "combobox",
    "aria-haspopup": "listbox",
    "aria-autocomplete": "list",
    "aria-expanded": "true",
    "aria-controls": listId,
    "aria-activedescendant": `${listId}-${menu.active}`,
  };
}
