import { Table } from '@mantine/core';
import { cellText } from '../model/json';
import classes from './artifacts.module.css';

interface TableViewProps {
  columns: readonly { name: string; type: string }[];
  rows: readonly (readonly unknown[])[];
}

export function TableView({ columns, rows }: TableViewProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
    <div className={classes.table} tabIndex={0}>
      <Table verticalSpacing={2} fz="sm" stickyHeader aria-label="Rows">
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ name, type }) => (
              <Table.Th key={name} scope="col" title={type}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a preview never changes
            <Table.Tr key={at}>
              {columns.map(({ name }, column) => (
                <Table.Td key={name} className={classes.cell} title={cellText(row[column])}>
                  {cellText(row[column])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
