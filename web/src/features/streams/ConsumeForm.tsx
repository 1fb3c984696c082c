import { useLazyQuery } from '@apollo/client/react';
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { problemOf, refusalOf } from '@/shared/api';
import { ErrorPanel } from '@/shared/ui';
import { LookAtStream } from './documents';
import { MessageTable } from './MessageTable';
import { MOST_MESSAGES } from './model/tail';
import classes from './streams.module.css';

const WAIT_MS = 500;

/** The newest messages that are there: so many at most, and none of them is taken away. */
export function ConsumeForm({ topic }: { topic: string }) {
  const [look, { data, error, loading }] = useLazyQuery(LookAtStream, {
    fetchPolicy: 'network-only',
  });
  const [text, setText] = useState('5');
  const most = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  const isSound = most >= 1 && most <= MOST_MESSAGES;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isSound) void look({ variables: { topic, most, waitMs: WAIT_MS } });
  };
  const found = data?.consumeMessages;
  return (
    <section aria-label="Look at what is there">
      <h2 className={classes.title}>Look at what is there</h2>
      <form className={classes.row} onSubmit={submit}>
        <TextInput
          size="xs"
          label="Messages at most"
          inputMode="numeric"
          value={text}
          error={isSound ? undefined : `1 to ${MOST_MESSAGES}`}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button size="xs" variant="default" type="submit" disabled={!isSound} loading={loading}>
          Look
        </Button>
      </form>
      {error && <ErrorPanel problem={problemOf(error)} />}
      {found?.__typename === 'ConsumeMessagesSuccess' &&
        (found.messages.length > 0 ? (
          <MessageTable label="Messages that are there" messages={found.messages} />
        ) : (
          <p className={classes.dimmed}>Nothing is in {topic}.</p>
        ))}
      {found && 'message' in found && (
        <ErrorPanel problem={refusalOf(found, 'The messages could not be read')} />
      )}
    </section>
  );
}
