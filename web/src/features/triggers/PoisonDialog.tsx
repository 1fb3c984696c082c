import { useMutation, useQuery } from '@apollo/client/react';
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { type Problem, problemOf, refusalOf } from '@/shared/api';
import { formatMoment } from '@/shared/text';
import { CopyButton, ErrorPanel, LoadingRows } from '@/shared/ui';
import { DismissPoison, PoisonPage } from './documents';
import classes from './triggers.module.css';

interface PoisonDialogProps {
  name: string;
  onClose: () => void;
}

/** The messages that a trigger could make nothing of: each stays until somebody has seen to it. */
export function PoisonDialog({ name, onClose }: PoisonDialogProps) {
  const { data, error, refetch } = useQuery(PoisonPage, {
    variables: { name },
    fetchPolicy: 'network-only',
  });
  const [dismiss, { loading }] = useMutation(DismissPoison);
  const [problem, setProblem] = useState<Problem | null>(null);
  const page = data?.trigger?.poisonMessages;

  async function see(id: string) {
    setProblem(null);
    try {
      const { data: done } = await dismiss({ variables: { input: { id } } });
      const outcome = done?.dismissPoisonMessage;
      if (outcome && 'message' in outcome) setProblem(refusalOf(outcome, 'It was not dismissed'));
      await refetch();
    } catch (failed) {
      setProblem(problemOf(failed));
    }
  }

  return (
    <Modal opened onClose={onClose} size="xl" title={`Messages that ${name} could not use`}>
      {error && <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />}
      {problem && <ErrorPanel problem={problem} />}
      {!data && !error && <LoadingRows label="the messages" rows={3} />}
      {page?.nodes.length === 0 && <p>None waits.</p>}
      {page && page.nodes.length > 0 && (
        <ul className={classes.poison} aria-label="Poison messages">
          {page.nodes.map((message) => {
            const place = `${message.partition}:${message.offset}`;
            return (
              <li key={message.id}>
                <p>
                  <strong>{place}</strong> {message.sentAt && formatMoment(message.sentAt)}{' '}
                  {message.key && <>· key {message.key}</>}
                </p>
                <p>{message.error}</p>
                {message.value === null || message.value === undefined ? (
                  <p className={classes.dimmed}>{message.sizeBytes} bytes that are no text</p>
                ) : (
                  <span className={classes.said}>
                    <code title={message.value}>{message.value}</code>
                    <CopyButton value={message.value} label={`Copy the value at ${place}`} />
                  </span>
                )}
                <Button
                  size="compact-xs"
                  variant="default"
                  loading={loading}
                  aria-label={`Dismiss ${place}`}
                  onClick={() => void see(message.id)}
                >
                  Dismiss
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      {page && page.totalCount > page.nodes.length && (
        <p className={classes.dimmed}>and {page.totalCount - page.nodes.length} older</p>
      )}
    </Modal>
  );
}
