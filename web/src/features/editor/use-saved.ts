import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { type Problem, refusalOf } from '@/shared/api';
import { StartRun } from '@/shared/runs';
import { toYaml } from './model/convert';
import { keepDraft, keepSaved } from './model/kept';
import { parse } from './model/parse';
import { type Source, textOf } from './model/source';
import type { SavedPipeline } from './use-save';
import type { useText } from './use-text';

/** What follows a save: the text is a version now, and perhaps a run of it is wanted. */
export function useSaved(routeName: string, written: ReturnType<typeof useText>) {
  const apollo = useApolloClient();
  const navigate = useNavigate();
  const [fault, setFault] = useState<Problem | null>(null);

  async function start(pipeline: string): Promise<void> {
    const { data } = await apollo.mutate({
      mutation: StartRun,
      variables: { input: { pipeline } },
    });
    const result = data?.startRun;
    if (result?.__typename === 'StartRunSuccess') await navigate(`/runs/${result.run.id}`);
    else {
      const why = result ?? { message: 'The server gave no reason.' };
      setFault(refusalOf(why, 'It was saved, but a run of it could not be started'));
    }
  }

  async function afterSave(
    pipeline: SavedPipeline,
    source: Source,
    thenRun: boolean,
  ): Promise<void> {
    const { name, number, digest, hasParams } = pipeline;
    const { latest, format, setBase } = written;
    const text = textOf(source);
    setFault(null);
    setBase({ text, number });
    const yaml = format === 'YAML' ? text : toYaml(parse(text, format).value, null);
    keepSaved(name, { text: yaml, digest });
    // What was written while it was saved is not saved yet.
    const isAhead = latest.current !== text;
    keepDraft(routeName, null);
    if (isAhead) keepDraft(name, { text: latest.current, format, at: Date.now() });
    // Params are looked at before a run gets them.
    if (thenRun && hasParams) await navigate(`/pipelines/${name}/run`);
    else if (thenRun) await start(name);
    else if (name !== routeName) await navigate(`/pipelines/${name}/edit`, { replace: true });
  }

  return { afterSave, fault };
}
