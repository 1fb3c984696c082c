import '@mantine/core/styles/Stack.css';
import { Button, Group, Stack } from '@mantine/core';
import { print } from 'graphql';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import {
  type DatasetChoice,
  type Draft,
  draftOf,
  type Param,
  ParamField,
  readDraft,
} from '@/shared/params';
import { StartRun } from '@/shared/runs';
import { copyText, ErrorPanel } from '@/shared/ui';
import { useStart } from './use-start';

interface StartFormProps {
  pipeline: string;
  params: readonly Param[];
  datasets: readonly DatasetChoice[];
  /** What a link fills in. */
  given: unknown;
  /** Of the newest run; null before the first one. */
  last: unknown;
  onCancel: () => void;
}

/** A field for each param, filled in with what is given or the default; Enter starts. */
export function StartForm({ pipeline, params, datasets, given, last, onCancel }: StartFormProps) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(params, given));
  const { isStarting, faults, problem, start, forget } = useStart(pipeline, params);
  const form = useRef<HTMLFormElement>(null);
  // The dialog was there before the params, and its focus with it.
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input, textarea, select, [type="submit"]')?.focus();
  }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void start(draft);
  };
  const change = (name: string, written: Draft[string]) => {
    setDraft({ ...draft, [name]: written });
    forget(name);
  };
  return (
    // What is wrong with a value is told by us, beside it.
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md">
        {params.length === 0 && <p>This pipeline has no params: it can be started as it is.</p>}
        {params.map((param) => (
          <ParamField
            key={param.name}
            param={param}
            written={draft[param.name] ?? ''}
            fault={faults[param.name]}
            datasets={datasets}
            onChange={(written) => change(param.name, written)}
          />
        ))}
        {problem && <ErrorPanel problem={problem} />}
      </Stack>
      <Group mt="lg" justify="space-between">
        <Group gap="xs">
          {params.length > 0 && last !== null && (
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => setDraft(draftOf(params, last))}
            >
              As last run
            </Button>
          )}
          <CopyAsGraphQL pipeline={pipeline} values={() => readDraft(params, draft).params} />
        </Group>
        <Group gap="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={isStarting}>
            Start
          </Button>
        </Group>
      </Group>
    </form>
  );
}

interface CopyAsGraphQLProps {
  pipeline: string;
  values: () => Record<string, unknown>;
}

/** The very request that the form sends, for a script or another client. */
function CopyAsGraphQL({ pipeline, values }: CopyAsGraphQLProps) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    const variables = JSON.stringify({ input: { pipeline, params: values() } }, null, 2);
    await copyText(`${print(StartRun)}\n\n# Variables:\n${variables}\n`);
    setCopied(true);
  };
  return (
    <Button size="compact-sm" variant="subtle" onClick={copy} onBlur={() => setCopied(false)}>
      {isCopied ? 'Copied' : 'Copy as GraphQL'}
    </Button>
  );
}
