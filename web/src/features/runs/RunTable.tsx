import { Table } from '@mantine/core';
import { useRef } from 'react';
import { useRowCommands } from '@/shared/commands';
import { WideContent } from '@/shared/ui';
import { RunRow } from './RunRow';
import classes from './runs.module.css';
import type { RowActions } from './use-row-actions';

interface RunTableProps {
  ids: readonly string[];
  actions: RowActions;
}

const COLUMNS = ['Status', 'Run', 'Pipeline', 'Blocks', 'Started', 'Duration', 'By', 'Params'];

/** Runs by their ids; each row follows its own run in the cache. */
export function RunTable({ ids, actions }: RunTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  useRowCommands({ rows: body, section: 'Runs', noun: 'run' });
  return (
    <WideContent>
      <Table className={classes.table} highlightOnHover aria-label="Runs">
        <Table.Thead>
          <Table.Tr>
            {COLUMNS.map((name) => (
              <Table.Th key={name} scope="col" data-column={name}>
                {name}
              </Table.Th>
            ))}
            <Table.Th scope="col">
              <span className={classes.hidden}>Actions</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody ref={body}>
          {ids.map((id) => (
            <RunRow key={id} id={id} actions={actions} />
          ))}
        </Table.Tbody>
      </Table>
    </WideContent>
  );
}
