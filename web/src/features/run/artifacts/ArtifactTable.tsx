import type { FragmentType } from '@apollo/client';
import { Table } from '@mantine/core';
import { Download } from 'lucide-react';
import type { ArtifactRowFragment as Artifact } from '@/gql/graphql';
import { useEntity } from '@/shared/api';
import { formatCount, formatMoment } from '@/shared/text';
import { CopyButton, DataSize, ErrorPanel, WideContent } from '@/shared/ui';
import { IconButton } from '../IconButton';
import classes from './artifacts.module.css';
import { ArtifactRowFragment } from './documents';
import { useSigned } from './use-signed';

type Ref = { id: string } & FragmentType<Artifact>;

interface ArtifactTableProps {
  artifacts: readonly Ref[];
  chosen: string | null;
  onChoose: (id: string) => void;
}

export function ArtifactTable({ artifacts, chosen, onChoose }: ArtifactTableProps) {
  return (
    <WideContent>
      <Table verticalSpacing={2} fz="sm" aria-label="Artifacts">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Name</Table.Th>
            <Table.Th scope="col">Block</Table.Th>
            <Table.Th scope="col">Type</Table.Th>
            <Table.Th scope="col">Rows</Table.Th>
            <Table.Th scope="col">Size</Table.Th>
            <Table.Th scope="col">SHA-256</Table.Th>
            <Table.Th scope="col">Download</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {artifacts.map((artifact) => (
            <Row
              key={artifact.id}
              artifact={artifact}
              isChosen={artifact.id === chosen}
              onChoose={onChoose}
            />
          ))}
        </Table.Tbody>
      </Table>
    </WideContent>
  );
}

interface RowProps {
  artifact: Ref;
  isChosen: boolean;
  onChoose: (id: string) => void;
}

function Row({ artifact: ref, isChosen, onChoose }: RowProps) {
  const artifact = useEntity(ArtifactRowFragment, ref);
  const { download, pending, problem } = useSigned(ref.id);
  if (!artifact) return null;
  const { id, name, block, attempt, mediaType, rows, sizeBytes, sha256, removedAt } = artifact;
  return (
    <>
      <Table.Tr data-chosen={isChosen || undefined} className={classes.row}>
        <Table.Th scope="row">
          <button
            type="button"
            className={classes.pick}
            aria-pressed={isChosen}
            onClick={() => onChoose(id)}
          >
            {name}
          </button>
        </Table.Th>
        <Table.Td>
          {block}
          {attempt > 1 && `, attempt ${attempt}`}
        </Table.Td>
        <Table.Td>{mediaType}</Table.Td>
        <Table.Td>{rows === null || rows === undefined ? '–' : formatCount(rows)}</Table.Td>
        <Table.Td>
          <DataSize bytes={sizeBytes} />
        </Table.Td>
        <Table.Td title={sha256}>
          <code>{sha256.slice(0, 8)}</code> <CopyButton value={sha256} label="Copy the checksum" />
        </Table.Td>
        <Table.Td>
          {removedAt ? (
            `Removed ${formatMoment(removedAt)}`
          ) : (
            <IconButton
              label={`Download ${name}`}
              disabled={pending}
              onClick={() => void download(name)}
            >
              <Download size={14} aria-hidden />
            </IconButton>
          )}
        </Table.Td>
      </Table.Tr>
      {problem && (
        <Table.Tr>
          <Table.Td colSpan={7}>
            <ErrorPanel problem={problem} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}
