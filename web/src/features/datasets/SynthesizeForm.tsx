import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { formatCount } from '@/shared/text';
import { ErrorPanel } from '@/shared/ui';
import classes from './datasets.module.css';
import { Mix } from './Mix';
import { faultsOf, inputOf, MOST_ROWS, type Wish } from './model/wish';
import { Preview } from './Preview';
import { useSynthesize } from './use-synthesize';

interface SynthesizeFormProps {
  use: (path: string) => void;
}

/** Makes up a data set of messages, and shows what came of it. */
export function SynthesizeForm({ use }: SynthesizeFormProps) {
  const [wish, setWish] = useState<Wish>({ count: '40', name: 'messages.csv', seed: '' });
  const { made, refused, problem, isPending, synthesize } = useSynthesize();
  const faults = faultsOf(wish);
  const isSound = Object.keys(faults).length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isSound) synthesize(inputOf(wish));
  };
  const field = (name: keyof Wish) => ({
    size: 'xs',
    value: wish[name],
    error: faults[name] ?? refused[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setWish((before) => ({ ...before, [name]: value }));
    },
  });
  return (
    <section className={classes.panel} aria-label="Make up a dataset">
      <h2 className={classes.title}>Make up a dataset</h2>
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          label="Messages"
          description={`1 to ${formatCount(MOST_ROWS)}; 30 to 50 are enough for a look`}
          inputMode="numeric"
          {...field('count')}
        />
        <TextInput label="Name" description="A file in the data folder" {...field('name')} />
        <TextInput
          label="Seed"
          description="Shuffles them; may be empty"
          inputMode="numeric"
          {...field('seed')}
        />
        <Button size="xs" type="submit" disabled={!isSound} loading={isPending}>
          Make it up
        </Button>
      </form>
      {problem && <ErrorPanel problem={problem} />}
      <div role="status">
        {made && (
          <p className={classes.made}>
            <span>
              {formatCount(made.count)} messages are in <code>{made.path}</code>.
            </span>
            <Button size="xs" onClick={() => use(made.path)}>
              Use in a pipeline
            </Button>
          </p>
        )}
      </div>
      {made && (
        <div className={classes.outcome}>
          <Mix mix={made.mix} />
          {/* Another file of the same name is another preview. */}
          <div key={made.turn}>
            <Preview path={made.path} />
          </div>
        </div>
      )}
    </section>
  );
}
