import { ActionIcon, Button, Table } from '@mantine/core';
import { ChevronDown, ChevronRight, Download } from 'lucide-react';
import type { DatasetsPageQuery } from '@/gql/graphql';
import { formatCount } from '@/shared/text';
import { CopyButton, DataSize, ErrorPanel, RelativeTime } from '@/shared/ui';
import classes from './datasets.module.css';
import { Preview } from './Preview';
import { useDownload } from './use-download';

export type Dataset = NonNullable<DatasetsPageQuery['datasets']>['nodes'][number];

interface DatasetRowProps {
  dataset: Dataset;
  isOpen: boolean;
  /** Looks into it, or no more. */
  toggle: () => void;
  use: () => void;
}

/** One file, and below it what is in it, or why it cannot be had. */
export function DatasetRow({ dataset, isOpen, toggle, use }: DatasetRowProps) {
  const { name, path, sizeBytes, rows, modifiedAt } = dataset;
  const { download, pending, problem } = useDownload(path);
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <>
      <Table.Tr>
        <Table.Th scope="row">
          <span className={classes.cell}>
            <ActionIcon
              size={24}
              variant="subtle"
              color="gray"
              aria-label={`Preview ${name}`}
              aria-expanded={isOpen}
              onClick={toggle}
            >
              <Chevron size={16} aria-hidden />
            </ActionIcon>
            {name}
          </span>
        </Table.Th>
        <Table.Td>
          <DataSize bytes={sizeBytes} />
        </Table.Td>
        <Table.Td>{rows === null ? '–' : formatCount(rows)}</Table.Td>
        <Table.Td>
          <RelativeTime at={modifiedAt} />
        </Table.Td>
        <Table.Td>
          <span className={classes.cell}>
            <code className={classes.path} title={path}>
              {path}
            </code>
            <CopyButton value={path} label={`Copy the path of ${name}`} />
          </span>
        </Table.Td>
        <Table.Td>
          <span className={classes.cell}>
            <ActionIcon
              size={24}
              variant="subtle"
              color="gray"
              title="Download"
              aria-label={`Download ${name}`}
              disabled={pending}
              onClick={() => void download(name)}
            >
              <Download size={16} aria-hidden />
            </ActionIcon>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={`Use ${name} in a pipeline`}
              onClick={use}
            >
              Use in a pipeline
            </Button>
          </span>
        </Table.Td>
      </Table.Tr>
      {(isOpen || problem) && (
        <Table.Tr>
          <Table.Td colSpan={6} className={classes.opened}>
            {problem && <ErrorPanel problem={problem} />}
            {isOpen && <Preview path={path} />}
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}
