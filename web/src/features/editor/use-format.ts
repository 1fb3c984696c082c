import { type RefObject, useRef } from 'react';
import type { DefinitionFormat } from '@/gql/schema-enums';
import type { CodeEditorHandle } from './code/CodeEditor';
import { toJson, toYaml } from './model/convert';
import type { Parsed } from './model/parse';
import type { useText } from './use-text';

/** Writes the text in the other format. Back in YAML it has the comments that it had. */
export function useFormat(
  { setFormat }: Pick<ReturnType<typeof useText>, 'setFormat'>,
  parsed: Parsed,
  editor: RefObject<CodeEditorHandle | null>,
) {
  const yaml = useRef<string | null>(null);
  const refusal =
    parsed.faults.length > 0 ? 'Mend the syntax first: a broken text has no other form.' : null;
  const switchTo = (format: DefinitionFormat) => {
    if (refusal !== null || format === parsed.format) return;
    setFormat(format);
    if (parsed.text.trim() === '') return;
    if (format === 'JSON') yaml.current = parsed.text;
    editor.current?.replace(
      format === 'JSON' ? toJson(parsed.value) : toYaml(parsed.value, yaml.current),
    );
  };
  return { refusal, switchTo };
}
