import { useQuery } from '@apollo/client/react';
import type { ResultOf } from '@graphql-typed-document-node/core';
import { useEffect, useState } from 'react';
import { problemOf } from '@/shared/api';
import { formatBytes, formatCount, formatMoment } from '@/shared/text';
import { ErrorPanel, LoadingRows } from '@/shared/ui';
import { jsonOf, tableRows } from '../model/json';
import classes from './artifacts.module.css';
import { ArtifactPreview } from './documents';
import { JsonTree } from './JsonTree';
import { TableView } from './TableView';
import { useSigned } from './use-signed';

type Artifact = NonNullable<ResultOf<typeof ArtifactPreview>['artifact']>;

const LARGEST_IMAGE = 262_144;

/** The beginning of an artifact, and how much of it that is. */
export function Preview({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(ArtifactPreview, { variables: { id } });
  const artifact = data?.artifact;
  if (error && !artifact) {
    return <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />;
  }
  if (!artifact) return <LoadingRows label="the preview" rows={6} />;
  return (
    <section className={classes.preview} aria-label={`Preview of ${artifact.name}`}>
      <Shown {...artifact} />
    </section>
  );
}

function Shown({ id, name, mediaType, sizeBytes, removedAt, preview }: Artifact) {
  if (removedAt)
    return <p className={classes.note}>Removed by cleanup on {formatMoment(removedAt)}.</p>;
  if (mediaType.startsWith('image/')) {
    return Number(sizeBytes) <= LARGEST_IMAGE ? (
      <Picture id={id} name={name} />
    ) : (
      <p className={classes.note}>
        A picture of {formatBytes(sizeBytes)}: larger than what is shown here. Download it.
      </p>
    );
  }
  if (!preview) {
    return (
      <p className={classes.note}>
        {mediaType} has no preview here: it is neither a table nor a text. Download it.
      </p>
    );
  }
  if (preview.__typename === 'TablePreview') {
    const rows = tableRows(preview.rows);
    const all = preview.totalRows ?? null;
    return (
      <>
        <p className={classes.note}>
          {preview.truncated
            ? `Showing the first ${formatCount(rows.length)} of ${all === null ? 'more' : formatCount(all)} rows`
            : rows.length === 1
              ? 'Its only row'
              : `All ${formatCount(rows.length)} rows`}
        </p>
        <TableView columns={preview.columns} rows={rows} />
      </>
    );
  }
  const { text, textTruncated } = preview;
  const parsed = textTruncated ? null : jsonOf(mediaType, text);
  return (
    <>
      <p className={classes.note}>
        {textTruncated
          ? `Showing the first ${formatBytes(new Blob([text]).size)} of ${formatBytes(sizeBytes)}`
          : `All ${formatBytes(sizeBytes)}`}
      </p>
      {parsed ? (
        <JsonTree value={parsed.value} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
        <pre className={classes.text} tabIndex={0}>
          {text}
        </pre>
      )}
    </>
  );
}

function Picture({ id, name }: { id: string; name: string }) {
  const { link, problem } = useSigned(id);
  const [source, setSource] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: signed once per artifact
  useEffect(() => {
    void link().then(setSource);
  }, [id]);
  if (problem) return <ErrorPanel problem={problem} />;
  return source ? <img src={source} alt={name} className={classes.picture} /> : null;
}
