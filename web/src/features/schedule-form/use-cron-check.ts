import { useQuery } from '@apollo/client/react';
import { useDebouncedValue } from '@mantine/hooks';
import { CheckCron } from './documents';
import { type Faults, refusalsByField } from './model/wish';

const PAUSE_MS = 300;
const NO_TIMES: readonly string[] = [];
const NO_FAULTS: Faults = {};

/** What the server makes of an expression, once nobody has written for a moment. */
export function useCronCheck(cron: string, timeZone: string) {
  const [settled] = useDebouncedValue(`${cron.trim()}\n${timeZone.trim()}`, PAUSE_MS);
  const [wanted = '', zone = ''] = settled.split('\n');
  const { data, previousData } = useQuery(CheckCron, {
    variables: { cron: wanted, timeZone: zone },
    skip: wanted === '',
    // The next times are those from now on.
    fetchPolicy: 'network-only',
  });
  const checked = wanted === '' ? undefined : (data ?? previousData)?.checkCron;
  return {
    inWords: checked?.inWords ?? null,
    nextTimes: checked?.nextTimes ?? NO_TIMES,
    faults: checked ? refusalsByField(checked.problems).byField : NO_FAULTS,
  };
}
