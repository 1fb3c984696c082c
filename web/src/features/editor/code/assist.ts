import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { type EditorView, hoverTooltip } from '@codemirror/view';
import type { DefinitionFormat } from '@/gql/schema-enums';
import type { Outline } from '../model/outline';
import { placeIn } from '../model/place-in';
import type { Schema } from '../model/schema';
import { aboutPlace, type Suggestion, suggestionsAt } from '../model/suggest';

/** What completion and help know of the text, at the moment that they are asked. */
export interface Known {
  schema: Schema;
  format: DefinitionFormat;
  outline: Outline;
}

export function assist(known: () => Known): Extension {
  return [
    autocompletion({
      override: [(context) => complete(context, known())],
      // After a key its values are offered at once.
      activateOnCompletion: ({ type }) => type === 'property',
      icons: false,
    }),
    hoverTooltip((view, offset) => help(view, offset, known())),
  ];
}

function complete(context: CompletionContext, known: Known): CompletionResult | null {
  const { state, pos, explicit } = context;
  const place = placeIn(state.doc.toString(), known.format, pos);
  if (!place || (!explicit && place.kind === 'key' && place.word === '')) return null;
  const options = suggestionsAt(place, known.schema, known.outline);
  if (options.length === 0) return null;
  const written = options[0]?.written;
  const [from, to] = written === undefined ? [place.from, place.to] : [pos - written, pos];
  return {
    from,
    to,
    options: options.map(toCompletion),
    // A quote that is typed already is no part of the words that are offered.
    filter: !/^["']/.test(state.sliceDoc(from, pos)) && written === undefined,
  };
}

function toCompletion({ label, insert, detail, about, kind }: Suggestion): Completion {
  return { label, detail, type: kind, apply: insert, ...(about ? { info: about } : {}) };
}

function help(view: EditorView, offset: number, { format, schema }: Known) {
  const text = view.state.doc.toString();
  const place = placeIn(text, format, offset);
  if (!place || offset >= place.to) return null;
  const about = aboutPlace(place, text.slice(place.from, place.to), schema);
  if (!about || (!about.meaning && about.facts.length === 0)) return null;
  return {
    pos: place.from,
    end: place.to,
    above: true,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'cm-about';
      const title = document.createElement('strong');
      title.textContent = about.title;
      dom.append(title);
      for (const [words, style] of [
        [about.meaning, ''],
        [about.facts.join(' · '), 'cm-about-facts'],
      ]) {
        if (!words) continue;
        const line = document.createElement('p');
        line.className = style ?? '';
        line.textContent = words;
        dom.append(line);
      }
      return { dom };
    },
  };
}
