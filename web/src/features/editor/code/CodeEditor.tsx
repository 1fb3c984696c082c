import { startCompletion } from '@codemirror/autocomplete';
import {
  type Diagnostic,
  forEachDiagnostic,
  nextDiagnostic,
  setDiagnostics,
} from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import type { DefinitionFormat } from '@/gql/schema-enums';
import type { PlacedProblem } from '../model/problems';
import { assist, type Known } from './assist';
import { basics, languageOf, searchOnDemand } from './extensions';

export interface CodeEditorHandle {
  /** Puts another text in place; Ctrl+Z brings the one before back. */
  replace: (text: string) => void;
  goTo: (offset: number) => void;
  /** What its own keys do, for those who are somewhere else. */
  find: () => void;
  complete: () => void;
  nextProblem: () => void;
  /** Goes to a problem, wherever the text has moved it to. */
  goToProblem: (problem: PlacedProblem) => void;
  /** Writes what the problem suggests. */
  fix: (problem: PlacedProblem) => void;
}

interface CodeEditorProps {
  initial: string;
  format: DefinitionFormat;
  known: Known;
  problems: readonly PlacedProblem[];
  onChange: (text: string) => void;
  onCursor: (offset: number) => void;
  ref: Ref<CodeEditorHandle>;
}

/** CodeMirror holds the text; React is told of it and of the cursor. */
export function CodeEditor(props: CodeEditorProps) {
  const { initial, format, problems, ref } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const language = useRef(new Compartment());
  const latest = useRef(props);
  latest.current = props;

  // biome-ignore lint/correctness/useExhaustiveDependencies: it is made once, and told of changes below
  useEffect(() => {
    if (!place.current) return;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: initial,
        extensions: [
          basics,
          language.current.of(languageOf(format)),
          assist(() => latest.current.known),
          EditorView.updateListener.of(({ docChanged, selectionSet, state }) => {
            if (docChanged) latest.current.onChange(state.doc.toString());
            if (docChanged || selectionSet) latest.current.onCursor(state.selection.main.head);
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(languageOf(format)) });
  }, [format]);

  useEffect(() => {
    const { state } = view.current ?? {};
    if (state)
      view.current?.dispatch(setDiagnostics(state, diagnosticsOf(problems, state.doc.length)));
  }, [problems]);

  useImperativeHandle(ref, () => {
    const goTo = (offset: number) => {
      const { current } = view;
      if (!current) return;
      const anchor = Math.min(offset, current.state.doc.length);
      current.dispatch({
        selection: { anchor },
        effects: EditorView.scrollIntoView(anchor, { y: 'center' }),
      });
    };
    const act = (does: (view: EditorView) => unknown) => () => {
      view.current?.focus();
      if (view.current) does(view.current);
    };
    return {
      goTo,
      find: act(searchOnDemand),
      complete: act(startCompletion),
      nextProblem: act(nextDiagnostic),
      replace: (text) => {
        const length = view.current?.state.doc.length ?? 0;
        view.current?.dispatch({
          changes: { from: 0, to: length, insert: text },
          selection: { anchor: 0 },
          scrollIntoView: true,
        });
      },
      goToProblem: (problem) => {
        goTo(spanOf(view.current, problem).from);
        view.current?.focus();
      },
      fix: (problem) => {
        const { from, to } = spanOf(view.current, problem);
        if (view.current && problem.fix !== null) write(view.current, from, to, problem.fix);
      },
    };
  }, []);

  return <div ref={place} style={{ height: '100%', minHeight: 0 }} />;
}

interface Told extends Diagnostic {
  key: string;
}

function diagnosticsOf(problems: readonly PlacedProblem[], length: number): Told[] {
  return problems.map(({ key, from, to, message, fix }) => ({
    from: Math.min(from, length),
    to: Math.min(to, length),
    severity: 'error',
    key,
    message,
    actions: fix === null ? [] : [fixAction(fix)],
  }));
}

function fixAction(fix: string): NonNullable<Diagnostic['actions']>[number] {
  return { name: `Write ${fix}`, apply: (view, from, to) => write(view, from, to, fix) };
}

function write(view: EditorView, from: number, to: number, word: string): void {
  const quote = /^["']/.exec(view.state.sliceDoc(from, to))?.[0] ?? '';
  view.dispatch({ changes: { from, to, insert: `${quote}${word}${quote}` } });
}

/** Where a problem is by now. */
function spanOf(view: EditorView | null, problem: PlacedProblem): { from: number; to: number } {
  let span = { from: problem.from, to: problem.to };
  if (view) {
    forEachDiagnostic(view.state, (told, from, to) => {
      if ((told as Told).key === problem.key) span = { from, to };
    });
  }
  return span;
}
