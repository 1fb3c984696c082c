import { Link } from 'react-router';
import { graphql } from '@/gql';
import type { StartedByFragment } from '@/gql/graphql';
import type { RunTrigger } from '@/gql/schema-enums';
import { useEntity } from '@/shared/api';
import { shortId } from '@/shared/text';
import { useRun } from './run-context';

const Starter = graphql(`
  fragment StartedBy on Run {
    id
    trigger
    schedule {
      id
      name
    }
    parent {
      id
    }
    labels {
      key
      value
    }
  }
`);

const WORDS: Record<RunTrigger, string> = {
  API: 'a client of the API',
  CLI: 'the command line',
  UI: 'these pages',
  RERUN: 'a re-run',
  SCHEDULE: 'a schedule that is gone',
  MESSAGE: 'a trigger',
};

/** Who or what started the run, and the way there. */
export function StartedBy() {
  const run = useEntity(Starter, { __typename: 'Run', id: useRun().id });
  return run && told(run);
}

function told({ trigger, schedule, parent, labels }: StartedByFragment) {
  if (trigger === 'SCHEDULE' && schedule) {
    const { name } = schedule;
    return (
      <>
        schedule&nbsp;<Link to={`/schedules/${encodeURIComponent(name)}/edit`}>{name}</Link>
      </>
    );
  }
  // A trigger labels the runs that it starts with its name.
  const name = labels.find(({ key }) => key === 'trigger')?.value;
  if (trigger === 'MESSAGE' && name) {
    return (
      <>
        trigger&nbsp;<Link to={`/triggers?edit=${encodeURIComponent(name)}`}>{name}</Link>
      </>
    );
  }
  if (trigger === 'RERUN' && parent) {
    return (
      <>
        a re-run of&nbsp;<Link to={`/runs/${parent.id}`}>{shortId(parent.id)}</Link>
      </>
    );
  }
  return WORDS[trigger];
}
