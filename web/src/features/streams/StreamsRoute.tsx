import { useQuery } from '@apollo/client/react';
import { Button, NativeSelect } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { problemOf, useOnResume } from '@/shared/api';
import { Page, usePage } from '@/shared/page';
import { nearest } from '@/shared/text';
import { EmptyState, ErrorPanel, LoadingRows, OpenAsGraphQL, PanelBoundary } from '@/shared/ui';
import { ConsumeForm } from './ConsumeForm';
import { StreamTopics } from './documents';
import { LiveTail } from './LiveTail';
import { Outage } from './Outage';
import { PublishForm } from './PublishForm';
import classes from './streams.module.css';

/** `/tools/streams?topic=`. */
export function StreamsRoute() {
  const [params, setParams] = useSearchParams();
  const { data, error, refetch } = useQuery(StreamTopics, { fetchPolicy: 'cache-and-network' });
  useOnResume(() => void refetch());
  const topics = data?.streamTopics ?? [];
  const wanted = params.get('topic') ?? '';
  const topic = wanted || (topics[0] ?? '');
  const isOff = data?.service?.streamBackend === 'none';
  usePage(topic && !isOff ? `${topic} · Streams` : 'Streams', [
    { label: 'Tools', to: '/tools' },
    { label: 'Streams' },
  ]);
  return (
    <Page heading="Streams" actions={<OpenAsGraphQL document={StreamTopics} variables={{}} />}>
      {!isOff && <Outage />}
      {error && <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows label="topics" rows={4} />}
      {isOff && <StreamingOff />}
      {data && !isOff && topics.length === 0 && (
        <EmptyState title="There is no topic">
          The first run event makes the topic of run events; its name is what KAFKA_TOPIC_DEFAULT
          says.
        </EmptyState>
      )}
      {data && !isOff && topics.length > 0 && !topics.includes(topic) && (
        <NoSuchTopic topic={topic} topics={topics} />
      )}
      {!isOff && topics.includes(topic) && (
        <>
          <div className={classes.bar}>
            <NativeSelect
              size="xs"
              label="Topic"
              value={topic}
              data={topics}
              onChange={(event) => setParams({ topic: event.currentTarget.value })}
            />
          </div>
          <div className={classes.grid} key={topic}>
            <PanelBoundary name="The form to publish">
              <PublishForm topic={topic} />
            </PanelBoundary>
            <PanelBoundary name="The look at the stream">
              <ConsumeForm topic={topic} />
            </PanelBoundary>
            <div className={classes.wide}>
              <PanelBoundary name="The live tail">
                <LiveTail topic={topic} />
              </PanelBoundary>
            </div>
          </div>
        </>
      )}
    </Page>
  );
}

function StreamingOff() {
  return (
    <EmptyState
      title="Streaming is switched off"
      actions={
        <Button size="xs" variant="default" component={Link} to="/tools">
          See how the service is
        </Button>
      }
    >
      <p>
        The setting <code>STREAM_BACKEND</code> turns it on: it is <code>none</code>, and{' '}
        <code>kafka</code> publishes run events to the brokers that <code>KAFKA_BOOTSTRAP</code>{' '}
        names. Nothing else needs it: runs are followed live without it.
      </p>
      <p>
        Once it is on, topics are picked here, messages published with a key and a JSON value, read
        back, and followed as they come.
      </p>
    </EmptyState>
  );
}

function NoSuchTopic({ topic, topics }: { topic: string; topics: readonly string[] }) {
  const near = nearest(topic, topics);
  return (
    <EmptyState
      title={`No topic is called ${topic}`}
      actions={(near.length > 0 ? near : topics.slice(0, 5)).map((name) => (
        <Button
          key={name}
          size="xs"
          variant="default"
          component={Link}
          to={`?${new URLSearchParams({ topic: name })}`}
        >
          {name}
        </Button>
      ))}
    >
      {near.length > 0 ? 'These are called nearly that.' : 'These are there.'}
    </EmptyState>
  );
}
