import { useQuery } from '@apollo/client/react';
import { Table } from '@mantine/core';
import { problemOf } from '@/shared/api';
import { EmptyState, ErrorPanel, LoadingRows, WideContent } from '@/shared/ui';
import classes from './datasets.module.css';
import { DatasetPreview } from './documents';
import { cellsOf, extentOf } from './model/table';

const MOST_ROWS = 50;

/** The beginning of a data set; how much of it that is stands beside it. */
export function Preview({ path }: { path: string }) {
  const { data, error, refetch } = useQuery(DatasetPreview, {
    variables: { path, rows: MOST_ROWS },
    // Files change behind the page's back.
    fetchPolicy: 'network-only',
  });
  if (error) return <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />;
  if (!data) return <LoadingRows label="the preview" rows={6} />;
  if (!data.dataset) {
    return (
      <EmptyState title="The file is not there any more">
        Nothing that pipelines can read is at {path}.
      </EmptyState>
    );
  }
  const { preview } = data.dataset;
  if (!preview) return <p className={classes.dimmed}>Only CSV and TSV files can be looked into.</p>;
  return (
    <>
      <p className={classes.dimmed}>{extentOf(preview)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys */}
      <div className={classes.preview} tabIndex={0}>
        <WideContent>
          <Table className={classes.table} aria-label={`The beginning of ${data.dataset.name}`}>
            <Table.Thead>
              <Table.Tr>
                {preview.columns.map(({ name, type }) => (
                  <Table.Th key={name} scope="col" title={type}>
                    {name}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {cellsOf(preview).map((cells, row) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
                <Table.Tr key={row}>
                  {cells.map((cell, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                    <Table.Td key={at}>{cell}</Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideContent>
      </div>
    </>
  );
}
