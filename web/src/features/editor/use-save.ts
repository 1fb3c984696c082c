import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import type { DefinitionFormat } from '@/gql/schema-enums';
import { type Problem, problemOf, refusalOf } from '@/shared/api';
import { SaveDefinition } from './documents';
import { type Source, sourceOf, textOf } from './model/source';

export interface SavedPipeline {
  name: string;
  number: number;
  digest: string;
  hasParams: boolean;
}

export interface Existing {
  name: string;
  number: number;
  isArchived: boolean;
  definition: string;
  replace: () => void;
  leave: () => void;
}

interface Outcomes {
  saved: (pipeline: SavedPipeline, source: Source, thenRun: boolean) => Promise<void>;
  /** It has problems, which are told of already or in a moment. */
  invalid: () => void;
}

/** Keeps a text as a pipeline; one that is there already is shown first, and replaced when told to. */
export function useSave({ saved, invalid }: Outcomes) {
  const apollo = useApolloClient();
  const [isSaving, setSaving] = useState(false);
  const [existing, setExisting] = useState<Existing | null>(null);
  const [fault, setFault] = useState<Problem | null>(null);
  const [refused, setRefused] = useState<Source | null>(null);

  async function attempt(source: Source, thenRun: boolean, isSure: boolean) {
    const { data } = await apollo.mutate({
      mutation: SaveDefinition,
      variables: { input: { source, replaceIfExists: isSure } },
    });
    const result = data?.importPipeline;
    setExisting(null);
    switch (result?.__typename) {
      case 'ImportPipelineSuccess': {
        const { pipeline, version } = result;
        const { number, digest } = version;
        const hasParams = pipeline.params.length > 0;
        await saved({ name: pipeline.name, number, digest, hasParams }, source, thenRun);
        break;
      }
      case 'PipelineExists': {
        const { name, definition, latestVersion, archivedAt } = result.pipeline;
        setExisting({
          name,
          definition,
          number: latestVersion.number,
          isArchived: archivedAt !== null,
          replace: () => void run(source, thenRun, true),
          leave: () => setExisting(null),
        });
        break;
      }
      case 'PipelineInvalid':
        setRefused(source);
        invalid();
        break;
      default:
        setFault(
          refusalOf(result ?? { message: 'The server gave no reason.' }, 'It was not saved'),
        );
    }
  }

  async function run(source: Source, thenRun: boolean, isSure: boolean) {
    setSaving(true);
    setRefused(null);
    setFault(null);
    try {
      await attempt(source, thenRun, isSure);
    } catch (error) {
      setExisting(null);
      setFault({ ...problemOf(error), retryAfterMs: null });
    } finally {
      setSaving(false);
    }
  }

  return {
    isSaving,
    existing,
    fault,
    isRefused: (text: string) => refused !== null && text === textOf(refused),
    save: (text: string, format: DefinitionFormat, thenRun: boolean) =>
      void run(sourceOf(text, format), thenRun, false),
  };
}
