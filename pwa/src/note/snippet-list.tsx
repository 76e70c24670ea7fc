import { useLingui } from "@lingui/react";
import type { Editor } from "@tiptap/core";
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import classes from "./note.module.css";
import { insertSnippet, snippetMenu } from "./snippet-menu.ts";

interface SnippetListProps {
  readonly editor: Editor;
  readonly id: string;
  readonly section: string;
}

/** The templates that "/" found, at the cursor. The focus stays in the text; a tap or Enter takes one. */
export function SnippetList({ editor, id, section }: SnippetListProps) {
  const { i18n } = useLingui();
  const subscribe = useCallback(
    (listener: () => void) => {
      editor.on("transaction", listener);
      return () => {
        editor.off("transaction", listener);
      };
    },
    [editor],
  );
  const menu = useSyncExternalStore(subscribe, () => snippetMenu(editor.state));
  const list = useRef<HTMLDivElement>(null);
  const at = useCursorPlace(editor, menu?.from ?? null);
  const active = menu?.active;
  useEffect(() => {
    if (active !== undefined) list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);
  if (!menu || !at) return null;
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      tabIndex={-1}
      aria-label={i18n._("Templates for {section}", { section })}
      className={classes.snippets}
      style={at}
      // The cursor stays where it is.
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
    >
      {menu.found.map((template, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the text field's
        <div
          key={template.id}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === menu.active}
          className={classes.template}
          onClick={() => insertSnippet(editor.view, template)}
        >
          <strong>{template.title}</strong>
          <span className={classes.templateText}>{template.sentences.join(" ")}</span>
        </div>
      ))}
    </div>
  );
}

interface Place {
  readonly left: number;
  readonly top?: number;
  readonly bottom?: number;
}

/** The most that the list takes, in pixels. */
const WIDTH = 480;
const HEIGHT = 256;

/** Below the "/", above it where there is no room below; it goes along when the page scrolls. */
function useCursorPlace(editor: Editor, from: number | null): Place | null {
  const [place, setPlace] = useState<Place | null>(null);
  useEffect(() => {
    if (from === null) return setPlace(null);
    const measure = () => {
      const at = editor.view.coordsAtPos(from);
      const left = Math.max(8, Math.min(at.left, innerWidth - WIDTH - 8));
      setPlace(
        innerHeight - at.bottom > HEIGHT + 16
          ? { left, top: at.bottom + 6 }
          : { left, bottom: innerHeight - at.top + 6 },
      );
    };
    measure();
    addEventListener("scroll", measure, true);
    addEventListener("resize", measure);
    return () => {
      removeEventListener("scroll", measure, true);
      removeEventListener("resize", measure);
    };
  }, [editor, from]);
  return place;
}
