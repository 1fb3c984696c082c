import type { ScheduleToEditQuery } from '@/gql/graphql';
import type { ScheduleOverlap } from '@/gql/schema-enums';

export type Kept = NonNullable<ScheduleToEditQuery['schedule']>;

/** The fields of the form as they are written; those for the pipeline's params stand apart. */
export interface Wish {
  name: string;
  pipeline: string;
  cron: string;
  timeZone: string;
  tickParam: string;
  overlap: ScheduleOverlap;
  catchUpSeconds: string;
  jitterSeconds: string;
  priority: string;
}

/** What the form begins with: a schedule that is kept, or one that does no harm. */
export function wishOf(kept: Kept | null, pipeline: string, timeZone: string): Wish {
  if (!kept) {
    return {
      name: '',
      pipeline,
      cron: '0 6 * * *',
      timeZone,
      tickParam: '',
      overlap: 'SKIP',
      catchUpSeconds: '3600',
      jitterSeconds: '0',
      priority: '0',
    };
  }
  return {
    name: kept.name,
    pipeline: kept.pipeline.name,
    cron: kept.cron,
    timeZone: kept.timeZone,
    tickParam: kept.tickParam ?? '',
    overlap: kept.overlap,
    catchUpSeconds: String(kept.catchUpSeconds),
    jitterSeconds: String(kept.jitterSeconds),
    priority: String(kept.priority),
  };
}

export type Faults = Record<string, string>;

/** What cannot be sent at all; what it means is for the server to judge. */
export function faultsOf(wish: Wish): Faults {
  const faults: Faults = {};
  if (wish.name.trim() === '') faults.name = 'A schedule needs a name.';
  if (wish.pipeline === '') faults.pipeline = 'Choose what it runs.';
  if (wish.cron.trim() === '') faults.cron = 'When does it run?';
  for (const field of ['catchUpSeconds', 'jitterSeconds'] as const)
    if (!isNumber(wish[field])) faults[field] = 'A number of seconds is wanted.';
  const priority = Number(wish.priority);
  if (!isNumber(wish.priority) || !Number.isInteger(priority) || Math.abs(priority) > 100)
    faults.priority = 'A whole number from -100 to 100 is wanted.';
  return faults;
}

/** What goes to the server. A label is not written here, and is kept as it was. */
export function inputOf(wish: Wish, params: Record<string, unknown>, kept: Kept | null) {
  return {
    name: wish.name.trim(),
    pipeline: wish.pipeline,
    cron: wish.cron.trim(),
    timeZone: wish.timeZone.trim(),
    params,
    tickParam: wish.tickParam || null,
    overlap: wish.overlap,
    catchUpSeconds: Number(wish.catchUpSeconds),
    jitterSeconds: Number(wish.jitterSeconds),
    priority: Number(wish.priority),
    labels: kept?.labels.map(({ key, value }) => ({ key, value })) ?? [],
    replaceIfExists: kept !== null,
  };
}

const FIELDS = new Set([
  'name',
  'cron',
  'timeZone',
  'tickParam',
  'catchUpSeconds',
  'jitterSeconds',
]);

/** What the server has against it, by field; what is about none of them comes apart. */
export function refusalsByField(problems: readonly { path: readonly string[]; message: string }[]) {
  const byField: Faults = {};
  const others: { path: readonly string[]; message: string }[] = [];
  for (const problem of problems) {
    const [field] = problem.path;
    if (field !== undefined && FIELDS.has(field))
      byField[field] = [byField[field] ?? [], problem.message].flat().join(' ');
    else others.push(problem);
  }
  return { byField, others };
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
