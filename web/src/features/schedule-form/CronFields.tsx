import { TextInput } from '@mantine/core';
import { memo, useId } from 'react';
import { formatMoment } from '@/shared/text';
import type { Faults, Wish } from './model/wish';
import classes from './schedule-form.module.css';
import { useCronCheck } from './use-cron-check';

interface CronFieldsProps {
  wish: Wish;
  faults: Faults;
  change: (more: Partial<Wish>) => void;
}

/** When it runs: what the expression says, and its next times, as it is written. */
export function CronFields({ wish, faults, change }: CronFieldsProps) {
  const zones = useId();
  const { inWords, nextTimes, faults: found } = useCronCheck(wish.cron, wish.timeZone);
  return (
    <>
      <div className={classes.pair}>
        <TextInput
          label="Cron"
          description="Minute, hour, day, month, weekday"
          withAsterisk
          spellCheck={false}
          className={classes.mono}
          value={wish.cron}
          error={faults.cron ?? found.cron}
          onChange={(event) => change({ cron: event.currentTarget.value })}
        />
        <TextInput
          label="Time zone"
          description="Whose clocks it follows"
          withAsterisk
          spellCheck={false}
          list={zones}
          value={wish.timeZone}
          error={faults.timeZone ?? found.timeZone}
          onChange={(event) => change({ timeZone: event.currentTarget.value })}
        />
        <Zones id={zones} />
      </div>
      <section className={classes.next} aria-label="Next times" aria-live="polite">
        {inWords && <p>{inWords}</p>}
        {nextTimes.length > 0 && (
          <ol>
            {nextTimes.map((at) => (
              <li key={at}>
                <time dateTime={at} title={`${formatMoment(at)} where you are`}>
                  {inZone(at, wish.timeZone)}
                </time>
              </li>
            ))}
          </ol>
        )}
      </section>
    </>
  );
}

/** Some four hundred: not to be drawn again for each character. */
const Zones = memo(function Zones({ id }: { id: string }) {
  return (
    <datalist id={id}>
      {['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => (
        <option key={zone} value={zone} />
      ))}
    </datalist>
  );
});

/** A moment as the zone's clocks show it. */
function inZone(iso: string, timeZone: string): string {
  try {
    return new Date(iso).toLocaleString('en-GB', {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'short',
      timeZone,
    });
  } catch {
    // The server knows a zone that this browser does not.
    return formatMoment(iso);
  }
}
