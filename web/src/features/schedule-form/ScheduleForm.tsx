import '@mantine/core/styles/Stack.css';
import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { ScheduleOverlap } from '@/gql/schema-enums';
import { type Draft, draftOf } from '@/shared/params';
import { ErrorPanel } from '@/shared/ui';
import { CronFields } from './CronFields';
import { type Kept, type Wish, wishOf } from './model/wish';
import { ParamFields } from './ParamFields';
import classes from './schedule-form.module.css';
import { usePipelineParams } from './use-pipeline-params';
import { useSave } from './use-save';

interface ScheduleFormProps {
  /** The schedule that is changed; null for a new one. */
  kept: Kept | null;
  pipelines: readonly string[];
  /** What a new one runs, where that is known. */
  pipeline: string;
  onClose: () => void;
}

const OVERLAPS: { value: ScheduleOverlap; label: string }[] = [
  { value: 'SKIP', label: 'Skip the tick' },
  { value: 'ALLOW', label: 'Start another run beside it' },
  { value: 'REPLACE', label: 'Cancel it and start another run' },
];

/** The fields of a schedule; Enter saves. */
export function ScheduleForm({ kept, pipelines, pipeline, onClose }: ScheduleFormProps) {
  const [wish, setWish] = useState<Wish>(() => wishOf(kept, pipeline, readersZone()));
  // What was written for a pipeline's params, as long as that pipeline is the chosen one.
  const [written, setWritten] = useState<Draft>({});
  const { params, datasets, problem: unread } = usePipelineParams(wish.pipeline);
  const given = kept?.pipeline.name === wish.pipeline ? kept.params : {};
  const draft = { ...draftOf(params, given), ...written };
  const { isSaving, faults, problem, save, forget } = useSave(kept, onClose);
  const form = useRef<HTMLFormElement>(null);
  // The dialog was there before the fields, and its focus with it.
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input:not([readonly])')?.focus();
  }, []);
  const change = (more: Partial<Wish>) => {
    setWish((before) => ({ ...before, ...more }));
    for (const field of Object.keys(more)) forget(field);
  };
  const field = (name: keyof Wish) => ({
    value: wish[name],
    error: faults[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      change({ [name]: event.currentTarget.value }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save(wish, params, draft);
  };
  return (
    // What is wrong with a value is told by us, beside it.
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md">
        <div className={classes.pair}>
          <TextInput
            label="Name"
            description="Unique, without spaces"
            withAsterisk
            readOnly={kept !== null}
            {...field('name')}
          />
          <NativeSelect
            label="Pipeline"
            description="Each run is of its newest version"
            withAsterisk
            data={['', ...choices(pipelines, wish.pipeline)]}
            {...field('pipeline')}
            onChange={(event) => {
              setWritten({});
              change({ pipeline: event.currentTarget.value, tickParam: '' });
            }}
          />
        </div>
        <CronFields wish={wish} faults={faults} change={change} />
        {unread && <ErrorPanel problem={unread} />}
        <ParamFields
          params={params}
          datasets={datasets}
          draft={draft}
          tickParam={wish.tickParam}
          faults={faults}
          onTickParam={(tickParam) => change({ tickParam })}
          onWritten={(name, value) => {
            setWritten((before) => ({ ...before, [name]: value }));
            forget(`params.${name}`);
          }}
        />
        <NativeSelect
          label="While a run of it has not ended"
          data={OVERLAPS}
          {...field('overlap')}
        />
        <div className={classes.three}>
          <TextInput
            label="Catch up"
            description="Seconds a tick may be late"
            inputMode="decimal"
            {...field('catchUpSeconds')}
          />
          <TextInput
            label="Jitter"
            description="Seconds to fire later, at most"
            inputMode="decimal"
            {...field('jitterSeconds')}
          />
          <TextInput
            label="Priority"
            description="-100 to 100; higher goes first"
            inputMode="numeric"
            {...field('priority')}
          />
        </div>
        {problem && <ErrorPanel problem={problem} />}
      </Stack>
      <Group mt="lg" justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={isSaving}>
          Save
        </Button>
      </Group>
    </form>
  );
}

/** The pipelines that can be chosen; the one that is kept may be archived by now. */
function choices(pipelines: readonly string[], chosen: string): string[] {
  const missing = chosen !== '' && !pipelines.includes(chosen);
  return missing ? [chosen, ...pipelines] : [...pipelines];
}

function readersZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
