import { Code, Table } from '@mantine/core';
import type { ParamType } from '@/gql/schema-enums';
import { WideContent } from '@/shared/ui';
import { allowedOf } from './model/allowed';
import classes from './pipeline.module.css';

interface ParamTableProps {
  params: readonly {
    name: string;
    type: ParamType;
    default?: unknown;
    required: boolean;
    description?: string | null;
    choices?: readonly unknown[] | null;
    minimum?: number | null;
    maximum?: number | null;
  }[];
}

/** What a run of the newest version is given. */
export function ParamTable({ params }: ParamTableProps) {
  return (
    <section aria-label="Params">
      <h2 className={classes.title}>Params</h2>
      {params.length === 0 ? (
        <p className={classes.dimmed}>It takes none.</p>
      ) : (
        <WideContent>
          <Table verticalSpacing={2} aria-label="Params">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Name</Table.Th>
                <Table.Th scope="col">Type</Table.Th>
                <Table.Th scope="col">Default</Table.Th>
                <Table.Th scope="col">Allowed</Table.Th>
                <Table.Th scope="col">What it is for</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {params.map((param) => (
                <Table.Tr key={param.name}>
                  <Table.Th scope="row">{param.name}</Table.Th>
                  <Table.Td>{param.type.toLowerCase()}</Table.Td>
                  <Table.Td>
                    {param.required ? (
                      'must be given'
                    ) : (
                      <Code>{JSON.stringify(param.default)}</Code>
                    )}
                  </Table.Td>
                  <Table.Td>{allowedOf(param)}</Table.Td>
                  <Table.Td>{param.description}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideContent>
      )}
    </section>
  );
}
