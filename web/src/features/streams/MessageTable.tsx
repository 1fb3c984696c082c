import { Table } from '@mantine/core';
import { formatMoment } from '@/shared/text';
import { CopyButton, WideContent } from '@/shared/ui';
import { saidBy } from './model/json';
import type { Message } from './model/tail';
import classes from './streams.module.css';

interface MessageTableProps {
  label: string;
  messages: readonly Message[];
}

export function MessageTable({ label, messages }: MessageTableProps) {
  return (
    <WideContent>
      <Table className={classes.table} aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Place</Table.Th>
            <Table.Th scope="col">Time</Table.Th>
            <Table.Th scope="col">Key</Table.Th>
            <Table.Th scope="col">Value</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {messages.map((message) => {
            const said = saidBy(message);
            const place = `${message.partition}:${message.offset}`;
            return (
              <Table.Tr key={message.cursor}>
                <Table.Th scope="row">{place}</Table.Th>
                <Table.Td>{message.timestamp ? formatMoment(message.timestamp) : '–'}</Table.Td>
                <Table.Td>{message.key ?? '–'}</Table.Td>
                <Table.Td>
                  <span className={classes.said}>
                    <code title={said}>{said}</code>
                    <CopyButton value={said} label={`Copy the value at ${place}`} />
                  </span>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </WideContent>
  );
}
