// The text of a policy, edited: CodeMirror, fetched when an editor is first opened. It lives in a shadow root, where its style
// sheets are objects and not elements, as the console's content security policy demands.
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  type Completion,
  type CompletionContext,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, redo, undo } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { type Offer, offersAt, type Vocabulary } from './completions.ts';

export interface TextEditorHandle {
  undo(): void;
  redo(): void;
  /** Brings a place into sight and puts the cursor there. */
  show(start: number): void;
}

export interface TextMark {
  readonly start: number;
  readonly end: number;
  readonly isWarning: boolean;
  readonly message: string;
}

interface TextEditorProps {
  readonly label: string;
  readonly text: string;
  readonly readOnly: boolean;
  readonly onChange: (text: string) => void;
  /** Of the text as it stands. */
  readonly marks: readonly TextMark[];
  readonly words: Vocabulary;
  readonly onSave: () => void;
  readonly ref?: Ref<TextEditorHandle>;
}

export default function TextEditor({ ref, label, text, readOnly, onChange, marks, words, onSave }: TextEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ onChange, words, onSave, text });
  useEffect(() => {
    latest.current = { onChange, words, onSave, text };
  });

  useEffect(() => {
    if (host.current === null) return undefined;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          lineNumbers(),
          lintGutter(),
          highlightActiveLineGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          EditorView.lineWrapping,
          EditorView.editable.of(!readOnly),
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
          yaml(),
          syntaxHighlighting(colours),
          look,
          autocompletion({ override: [(context) => complete(context, latest.current.words)], icons: false }),
          keymap.of([
            { key: 'Mod-s', preventDefault: true, run: () => (latest.current.onSave(), true) },
            { key: 'Tab', run: acceptCompletion },
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...historyKeymap,
            ...completionKeymap,
            ...lintKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [label, readOnly]);

  // What the form changed is a change like any other: one step to undo.
  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    const change = changeBetween(editor.state.doc.toString(), text);
    if (change !== null) editor.dispatch({ changes: change, userEvent: 'input.form' });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    const { length } = editor.state.doc;
    const shown = marks.map(({ start, end, isWarning, message }): Diagnostic => {
      const from = Math.min(start, length);
      return { from, to: Math.min(Math.max(end, from), length), severity: isWarning ? 'warning' : 'error', message };
    });
    editor.dispatch(setDiagnostics(editor.state, shown));
  }, [marks]);

  useImperativeHandle(ref, () => ({
    undo: () => void (view.current && undo(view.current)),
    redo: () => void (view.current && redo(view.current)),
    show(start) {
      const editor = view.current;
      if (editor === null) return;
      const at = Math.min(start, editor.state.doc.length);
      editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
      editor.focus();
    },
  }));

  return <div ref={host} className="text-editor" />;
}

/** The one stretch in which two texts differ. */
function changeBetween(before: string, after: string): { from: number; to: number; insert: string } | null {
  if (before === after) return null;
  let from = 0;
  while (from < before.length && from < after.length && before[from] === after[from]) from += 1;
  let same = 0;
  const most = Math.min(before.length, after.length) - from;
  while (same < most && before[before.length - 1 - same] === after[after.length - 1 - same]) same += 1;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}

function complete(context: CompletionContext, words: Vocabulary) {
  const found = offersAt(context.state.sliceDoc(0, context.pos), words);
  if (found === null || (found.typed === 0 && !context.explicit)) return null;
  return { from: context.pos - found.typed, options: found.offers.map(asCompletion), validFor: /^\w*$/ };
}

const types = { keyword: 'keyword', variable: 'variable', function: 'function', value: 'enum' } as const;

function asCompletion({ label, detail, info, kind, apply }: Offer): Completion {
  return {
    label,
    type: types[kind],
    ...(detail === undefined ? {} : { detail }),
    ...(info === undefined ? {} : { info }),
    ...(apply === undefined ? {} : { apply }),
  };
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--json-key)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--json-string)' },
  { tag: tags.comment, color: 'var(--text-faint)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--text-soft)' },
  { tag: [tags.keyword, tags.labelName, tags.typeName], color: 'var(--json-literal)' },
]);

const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--surface)', fontSize: '0.8125rem' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-1px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--text)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--text-faint)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in oklab, var(--accent) 28%, transparent)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--pressed)',
    outline: '1px solid var(--line-control)',
  },
  '.cm-tooltip': {
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius-m)',
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    boxShadow: 'var(--shadow-m)',
    maxWidth: 'min(440px, 92vw)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '15em' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--text)' },
  '.cm-completionDetail': { color: 'var(--text-soft)', fontStyle: 'normal' },
  '.cm-completionInfo': { fontFamily: 'var(--font)', padding: '6px 10px' },
  '.cm-diagnostic': { padding: '6px 10px', fontFamily: 'var(--font)', borderLeftWidth: '3px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad-mark)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn-mark)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad-mark)',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--warn-mark)',
    textUnderlineOffset: '3px',
  },
  '.cm-lintPoint::after': { borderBottomColor: 'var(--bad-mark)' },
  '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--text)' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '0.2em' },
});
