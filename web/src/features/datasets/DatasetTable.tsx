import { Table } from '@mantine/core';
import { WideContent } from '@/shared/ui';
import { type Dataset, DatasetRow } from './DatasetRow';
import classes from './datasets.module.css';

interface DatasetTableProps {
  datasets: readonly Dataset[];
  /** The path of the one that is looked into. */
  shown: string;
  show: (path: string) => void;
  use: (path: string) => void;
}

export function DatasetTable({ datasets, shown, show, use }: DatasetTableProps) {
  return (
    <WideContent>
      <Table className={classes.table} aria-label="Datasets">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Name</Table.Th>
            <Table.Th scope="col">Size</Table.Th>
            <Table.Th scope="col">Rows</Table.Th>
            <Table.Th scope="col">Changed</Table.Th>
            <Table.Th scope="col">Path</Table.Th>
            <Table.Th scope="col">Actions</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {datasets.map((dataset) => {
            const { path } = dataset;
            const isOpen = path === shown;
            return (
              <DatasetRow
                key={path}
                dataset={dataset}
                isOpen={isOpen}
                toggle={() => show(isOpen ? '' : path)}
                use={() => use(path)}
              />
            );
          })}
        </Table.Tbody>
      </Table>
    </WideContent>
  );
}
