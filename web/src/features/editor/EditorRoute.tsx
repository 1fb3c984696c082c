import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { useParams } from 'react-router';
import { problemOf } from '@/shared/api';
import { Page, usePage } from '@/shared/page';
import { NoSuchPipeline } from '@/shared/pipelines';
import { ErrorPanel, Loading } from '@/shared/ui';
import { Desk } from './Desk';
import { EditorBasis } from './documents';
import { readSaved } from './model/kept';
import type { Schema } from './model/schema';
import type { Base } from './use-text';

const NOTHING: Base = { text: '', number: null };

/** `/pipelines/new` and `/pipelines/:name/edit`. */
export function EditorRoute() {
  const { name = '' } = useParams();
  // Another pipeline is another desk; what is saved does not lay a desk anew.
  return <Basis key={name} name={name} />;
}

function Basis({ name }: { name: string }) {
  const heading = name ? `Edit ${name}` : 'New pipeline';
  const crumbs = name ? [{ label: name, to: `/pipelines/${name}` }, { label: 'Edit' }] : [];
  usePage(heading, [
    { label: 'Pipelines', to: '/pipelines' },
    ...(name ? crumbs : [{ label: heading }]),
  ]);
  const { data, error, refetch } = useQuery(EditorBasis, {
    variables: { name, isNew: !name },
    // What is edited is what the server has now.
    fetchPolicy: 'network-only',
    nextFetchPolicy: 'cache-first',
  });
  const pipeline = data?.pipeline;
  const [base, setBase] = useState<Base | null>(name ? null : NOTHING);
  if (!base && pipeline) {
    const { definition, latestVersion } = pipeline;
    const text = readSaved(name, latestVersion.digest) ?? definition;
    setBase({ text, number: latestVersion.number });
  }
  if (name && data && !error && !pipeline) {
    return <NoSuchPipeline name={name} />;
  }
  if (base && data) {
    return (
      <Desk name={name} heading={heading} base={base} schema={data.pipelineSchema as Schema} />
    );
  }
  return (
    <Page heading={heading}>
      {error ? (
        <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />
      ) : (
        <Loading label="the editor" height={480} />
      )}
    </Page>
  );
}
