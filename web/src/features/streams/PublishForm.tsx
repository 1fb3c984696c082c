import { useMutation } from '@apollo/client/react';
import { Button, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type Problem, problemOf, refusalOf } from '@/shared/api';
import { ErrorPanel } from '@/shared/ui';
import { PublishToStream } from './documents';
import { parsedJson } from './model/json';
import classes from './streams.module.css';

/** Puts a message into a topic; what is no JSON is told before anything is sent. */
export function PublishForm({ topic }: { topic: string }) {
  const [publish, { loading }] = useMutation(PublishToStream);
  const [key, setKey] = useState('');
  const [text, setText] = useState('{}');
  const [done, setDone] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const parsed = parsedJson(text);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (parsed.fault !== null) return;
    setDone(null);
    setProblem(null);
    try {
      const input = { topic, value: parsed.value, ...(key ? { key } : {}) };
      const { data } = await publish({ variables: { input } });
      const outcome = data?.publishMessage;
      if (outcome?.__typename === 'PublishMessageSuccess') {
        setDone(`It is in ${outcome.topic}, at ${outcome.partition}:${outcome.offset}.`);
      } else if (outcome) setProblem(refusalOf(outcome, 'The message was not published'));
    } catch (error) {
      setProblem(problemOf(error));
    }
  }

  return (
    <section aria-label="Publish">
      <h2 className={classes.title}>Publish</h2>
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          size="xs"
          label="Key"
          description="Messages of one key keep their order; none is needed."
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <Textarea
          size="xs"
          label="Value"
          description="Any JSON"
          rows={5}
          spellCheck={false}
          classNames={{ input: classes.json }}
          value={text}
          error={parsed.fault}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" disabled={parsed.fault !== null} loading={loading}>
          Publish
        </Button>
      </form>
      <p role="status">{done}</p>
      {problem && <ErrorPanel problem={problem} />}
    </section>
  );
}
