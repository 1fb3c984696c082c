import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { graphql } from '@/gql';
import { problemOf } from '@/shared/api';
import { CopyButton, ErrorPanel, LoadingRows } from '@/shared/ui';
import { useRun } from '../run-context';
import { saveAs } from '../save-as';
import classes from './run-tabs.module.css';

export const RunDefinition = graphql(`
  query RunDefinition($runId: ID!) {
    run(id: $runId) {
      id
      pipeline {
        id
        name
      }
      version {
        id
        number
        definition(format: YAML)
      }
    }
  }
`);

/** The definition as this run has it, whatever the pipeline became since. */
export function DefinitionTab() {
  const { id } = useRun();
  const { data, error, refetch } = useQuery(RunDefinition, { variables: { runId: id } });
  if (error && !data) {
    return <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />;
  }
  const run = data?.run;
  if (!run) return <LoadingRows label="the definition" rows={10} />;
  const { number, definition } = run.version;
  return (
    <div className={classes.scrolled}>
      <div className={classes.head}>
        <h3>
          Version {number} of {run.pipeline.name}, as this run has it
        </h3>
        <CopyButton value={definition} label="Copy the definition" />
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => saveAs(`${run.pipeline.name}-v${number}.yaml`, 'text/yaml', [definition])}
        >
          Download YAML
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys */}
      <pre className={classes.text} tabIndex={0}>
        {definition}
      </pre>
    </div>
  );
}
