import { useMutation, useQuery } from '@apollo/client/react';
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { RerunFrom, VersionChoice } from '@/gql/schema-enums';
import { type Problem, problemOf, refusalOf, useEntity } from '@/shared/api';
import { lookOf } from '@/shared/status';
import { ErrorPanel, LoadingRows, useReturnFocus } from '@/shared/ui';
import { useRun } from '../run-context';
import classes from './actions.module.css';
import { Rerun, RerunOf, RerunPlan } from './documents';

const WHAT = 'The run could not be repeated';

/** What a rerun would reuse, run and skip; then the rerun. */
export default function RerunDialog({ onClose }: { onClose: () => void }) {
  useReturnFocus();
  const { id, address } = useRun();
  const run = useEntity(RerunOf, { __typename: 'Run', id });
  const navigate = useNavigate();
  const [from, setFrom] = useState<RerunFrom>(
    run && lookOf(run.status).tone === 'succeeded' ? 'START' : 'FAILED',
  );
  const [version, setVersion] = useState<VersionChoice>('SAME');
  const [problem, setProblem] = useState<Problem | null>(null);
  const blocks = from === 'BLOCKS' && address.block !== null ? [address.block] : null;
  const asked = { runId: id, from, blocks, version };
  const plan = useQuery(RerunPlan, { variables: asked, fetchPolicy: 'network-only' });
  const [rerun, { loading }] = useMutation(Rerun);
  const submit = async () => {
    setProblem(null);
    try {
      const { data } = await rerun({ variables: { input: asked } });
      const answer = data?.rerun;
      if (answer?.__typename === 'StartRunSuccess') await navigate(`/runs/${answer.run.id}`);
      else setProblem(refusalOf(answer ?? { message: 'The server gave no reason.' }, WHAT));
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const planned = plan.data?.planRerun;
  return (
    <Modal opened onClose={onClose} title="Re-run" size="lg">
      <fieldset className={classes.choice}>
        <legend>Start from</legend>
        <Choice
          name="from"
          label="What failed"
          is={from === 'FAILED'}
          onChoose={() => setFrom('FAILED')}
        />
        <Choice
          name="from"
          label="The start"
          is={from === 'START'}
          onChoose={() => setFrom('START')}
        />
        {address.block !== null && (
          <Choice
            name="from"
            label={`Block ${address.block}, and what follows it`}
            is={from === 'BLOCKS'}
            onChoose={() => setFrom('BLOCKS')}
          />
        )}
      </fieldset>
      <fieldset className={classes.choice}>
        <legend>Version</legend>
        <Choice
          name="version"
          label="That of this run"
          is={version === 'SAME'}
          onChoose={() => setVersion('SAME')}
        />
        <Choice
          name="version"
          label="The newest"
          is={version === 'LATEST'}
          onChoose={() => setVersion('LATEST')}
        />
      </fieldset>
      <div className={classes.plan}>
        {plan.error && (
          <ErrorPanel problem={problemOf(plan.error)} onRetry={() => void plan.refetch()} />
        )}
        {plan.loading && !planned && <LoadingRows label="the plan" rows={4} />}
        {planned && (
          <>
            <Part title="Runs" names={planned.run} />
            <Part title="Is reused" names={planned.reuse} />
            <Part title="Is skipped" names={planned.skip} />
            {planned.reasons.length > 0 && (
              <ul className={classes.reasons}>
                {planned.reasons.map(({ block, message }) => (
                  <li key={`${block} ${message}`}>
                    {block && <b>{block}: </b>}
                    {message}
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </div>
      {problem && <ErrorPanel problem={problem} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button
          loading={loading}
          disabled={!planned || planned.run.length === 0}
          onClick={() => void submit()}
        >
          Re-run
          {planned && ` ${planned.run.length} ${planned.run.length === 1 ? 'block' : 'blocks'}`}
        </Button>
      </div>
    </Modal>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  is: boolean;
  onChoose: () => void;
}

function Choice({ name, label, is, onChoose }: ChoiceProps) {
  return (
    <label>
      <input
        type="radio"
        name={name}
        checked={is}
        // The button at the end is disabled until there is a plan, and takes no focus until then.
        data-autofocus={is || undefined}
        onChange={onChoose}
      />{' '}
      {label}
    </label>
  );
}

function Part({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <p>
      <b>{title}</b> ({names.length}): {names.join(', ')}
    </p>
  );
}
