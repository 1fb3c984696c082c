import { Button, Table } from '@mantine/core';
import { RelativeTime, WideContent } from '@/shared/ui';
import classes from './pipeline.module.css';
import { useShown } from './use-shown';

interface VersionListProps {
  versions: readonly { id: string; number: number; digest: string; createdAt: string }[];
  /** The one that is shown. */
  current: number;
}

export function VersionList({ versions, current }: VersionListProps) {
  const { set } = useShown();
  return (
    <section aria-label="Versions">
      <h2 className={classes.title}>Versions</h2>
      <WideContent>
        <Table verticalSpacing={2} aria-label="Versions">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Version</Table.Th>
              <Table.Th scope="col">Imported</Table.Th>
              <Table.Th scope="col">Digest</Table.Th>
              <Table.Th scope="col">Show</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {versions.map(({ id, number, digest, createdAt }) => (
              <Table.Tr key={id} data-shown={number === current || undefined}>
                <Table.Th scope="row">{number}</Table.Th>
                <Table.Td>
                  <RelativeTime at={createdAt} />
                </Table.Td>
                <Table.Td className={classes.mono} title={digest}>
                  {digest.slice(0, 8)}
                </Table.Td>
                <Table.Td>
                  <span className={classes.actions}>
                    <Button
                      size="compact-xs"
                      variant="default"
                      disabled={number === current}
                      aria-label={`Show version ${number}`}
                      onClick={() => set({ v: number, against: null, block: null })}
                    >
                      {number === current ? 'Shown' : 'Show'}
                    </Button>
                    {number > 1 && (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        aria-label={`What version ${number} changed`}
                        onClick={() => set({ v: number, against: number - 1, block: null })}
                      >
                        Changes
                      </Button>
                    )}
                    {number !== current && (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        aria-label={`Compare version ${number} with version ${current}`}
                        onClick={() =>
                          set({
                            v: Math.max(number, current),
                            against: Math.min(number, current),
                            block: null,
                          })
                        }
                      >
                        Compare
                      </Button>
                    )}
                  </span>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideContent>
    </section>
  );
}
