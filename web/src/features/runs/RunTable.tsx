import { Table } from '@mantine/core';
import { useRef } from 'react';
import { useRowCommands } from '@/shared/commands';
import { Later, WideContent } from '@/shared/ui';
import { RunRow } from './RunRow';
import classes from './runs.module.css';
import type { RowActions } from './use-row-actions';

interface RunTableProps {
  ids: readonly string[];
  actions: RowActions;
}

const COLUMNS = ['Status', 'Run', 'Pipeline', 'Blocks', 'Started', 'Duration', 'By', 'Params'];
/** As many rows as a window of middling height shows. */
const FIRST = 24;
/** Pixels. */
const ROW = 28;

/** Runs by their ids; each row follows its own run in the cache. */
export function RunTable({ ids, actions: { pending, cancel, rerun } }: RunTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  useRowCommands({ rows: body, section: 'Runs', noun: 'run' });
  const rows = ids.map((id) => (
    <RunRow key={id} id={id} waits={pending === id} cancel={cancel} rerun={rerun} />
  ));
  const [first, rest] = [rows.slice(0, FIRST), rows.slice(FIRST)];
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
          {first}
          {rest.length > 0 && (
            // As high as they will be: what was scrolled to stays where it is.
            <Later
              place={
                <tr aria-hidden>
                  <td style={{ height: rest.length * ROW }} />
                </tr>
              }
            >
              {rest}
            </Later>
          )}
        </Table.Tbody>
      </Table>
    </WideContent>
  );
}
