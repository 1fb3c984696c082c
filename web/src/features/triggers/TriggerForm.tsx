import { useMutation, useQuery } from '@apollo/client/react';
import { Button, Group, Modal, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type Problem, problemOf, refusalOf } from '@/shared/api';
import { ErrorPanel, LoadingRows } from '@/shared/ui';
import { SaveTrigger, TriggerChoices } from './documents';
import { EMPTY, faultsOf, inputOf, isSound, type Start, type Wish } from './model/wish';
import classes from './triggers.module.css';

interface TriggerFormProps {
  /** The trigger to be changed; null makes a new one. */
  known: Wish | null;
  onClose: () => void;
}

const SOURCES = 'value, a JSON pointer such as /order/id, key, header:NAME, topic, offset …';

/** What a trigger reads and starts, and where in a message the params of its runs are. */
export function TriggerForm({ known, onClose }: TriggerFormProps) {
  const { data, error, refetch } = useQuery(TriggerChoices, { fetchPolicy: 'network-only' });
  const [save, { loading }] = useMutation(SaveTrigger);
  const [wish, setWish] = useState<Wish>(known ?? EMPTY);
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const pipelines = data?.pipelines?.nodes ?? [];
  const declared = pipelines.find(({ name }) => name === wish.pipeline)?.params ?? [];
  const change = (more: Partial<Wish>) => setWish((before) => ({ ...before, ...more }));

  async function submit(event: FormEvent) {
    event.preventDefault();
    setFaults({});
    setProblem(null);
    try {
      const { data: done } = await save({ variables: { input: inputOf(wish, declared) } });
      const outcome = done?.saveTrigger;
      if (outcome?.__typename === 'SaveTriggerSuccess') onClose();
      else if (outcome?.__typename === 'ParamsInvalid') setFaults(faultsOf(outcome.problems));
      else if (outcome) setProblem(refusalOf(outcome, 'The trigger was not saved'));
    } catch (failed) {
      setProblem(problemOf(failed));
    }
  }

  return (
    <Modal opened onClose={onClose} title={known ? `Change ${known.name}` : 'New trigger'}>
      {error && <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows label="the pipelines" rows={4} />}
      {data && (
        <form className={classes.form} onSubmit={submit}>
          <TextInput
            size="xs"
            label="Name"
            value={wish.name}
            disabled={known !== null}
            error={faults.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <TextInput
            size="xs"
            label="Topic"
            description="Each of its messages starts one run"
            value={wish.topic}
            error={faults.topic}
            onChange={(event) => change({ topic: event.currentTarget.value })}
          />
          <NativeSelect
            size="xs"
            label="Pipeline"
            value={wish.pipeline}
            data={['', ...pipelines.map(({ name }) => name)]}
            onChange={(event) => change({ pipeline: event.currentTarget.value })}
          />
          <NativeSelect
            size="xs"
            label="Begin"
            value={wish.start}
            data={[
              { value: 'LATEST', label: 'with what comes from now on' },
              { value: 'EARLIEST', label: 'at the oldest message' },
            ]}
            onChange={(event) => change({ start: event.currentTarget.value as Start })}
          />
          {declared.map(({ name, type, required }) => (
            <TextInput
              key={name}
              size="xs"
              label={`Param ${name}`}
              description={`${type.toLowerCase()}: ${SOURCES}`}
              withAsterisk={required}
              value={wish.sources[name] ?? ''}
              error={faults[`params.${name}`]}
              onChange={(event) =>
                change({ sources: { ...wish.sources, [name]: event.currentTarget.value } })
              }
            />
          ))}
          {problem && <ErrorPanel problem={problem} />}
          <Group mt="md" justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={loading} disabled={!isSound(wish, declared)}>
              Save
            </Button>
          </Group>
        </form>
      )}
    </Modal>
  );
}
