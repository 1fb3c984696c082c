import { useQuery } from '@apollo/client/react';
import { Modal } from '@mantine/core';
import { Link } from 'react-router';
import { problemOf } from '@/shared/api';
import { EmptyState, ErrorPanel, LoadingRows, useReturnFocus } from '@/shared/ui';
import classes from './datasets.module.css';
import { DatasetUses } from './documents';
import { usesOf } from './model/uses';

interface UseDialogProps {
  path: string;
  onClose: () => void;
}

/** The pipelines that a file can go into, each by the param that takes it. */
export default function UseDialog({ path, onClose }: UseDialogProps) {
  useReturnFocus();
  const { data, error, refetch } = useQuery(DatasetUses, { fetchPolicy: 'network-only' });
  const uses = data?.pipelines ? usesOf(path, data.pipelines.nodes) : null;
  return (
    <Modal opened onClose={onClose} title={`Use ${path}`}>
      {error && <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows label="the pipelines" rows={3} />}
      {uses && uses.length > 0 && (
        <ul className={classes.uses}>
          {uses.map(({ pipeline, param, to }) => (
            <li key={`${pipeline} ${param}`}>
              <Link to={to}>
                {pipeline} <span className={classes.dimmed}>as {param}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {uses?.length === 0 && (
        <EmptyState
          title="No pipeline takes a file"
          actions={<Link to="/pipelines/new">Write a pipeline</Link>}
        >
          One whose params have the type <code>path</code> is offered here.
        </EmptyState>
      )}
    </Modal>
  );
}
