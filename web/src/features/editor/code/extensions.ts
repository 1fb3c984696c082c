import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { EditorState, type Extension, Prec, StateEffect } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { DefinitionFormat } from '@/gql/schema-enums';
import { theme } from './theme';

/** Loaded by the first search: few texts are too long to be looked over. */
export function searchOnDemand(view: EditorView): boolean {
  void import('@codemirror/search').then(({ openSearchPanel, search, searchKeymap }) => {
    const added = [search({ top: true }), Prec.high(keymap.of(searchKeymap))];
    view.dispatch({ effects: StateEffect.appendConfig.of(added) });
    openSearchPanel(view);
  }, reportError);
  return true;
}

/** What the editor is whatever it edits. */
export const basics: Extension = [
  lineNumbers(),
  lintGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  EditorState.tabSize.of(2),
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({
    tabindex: '0',
    'aria-label': 'Definition',
    'aria-description': 'Escape, then Tab, leaves the editor.',
    spellcheck: 'false',
  }),
  keymap.of([
    ...closeBracketsKeymap,
    ...completionKeymap,
    ...lintKeymap,
    { key: 'Mod-f', run: searchOnDemand },
    ...historyKeymap,
    ...defaultKeymap,
    indentWithTab,
  ]),
  theme,
];

export function languageOf(format: DefinitionFormat): Extension {
  return format === 'JSON' ? json() : yaml();
}
