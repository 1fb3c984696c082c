import { useQuery } from '@apollo/client/react';
import { Button, Group, Modal } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { useLiveState } from '@/shared/api';
import { useCommands } from '@/shared/commands';
import { Page, usePage } from '@/shared/page';
import { titleMark } from '@/shared/status';
import {
  EmptyState,
  ErrorPanel,
  LiveRegion,
  LoadingRows,
  OpenAsGraphQL,
  PanelBoundary,
} from '@/shared/ui';
import { TriggersBackend, TriggersLive } from './documents';
import { wishOf } from './model/wish';
import { PoisonDialog } from './PoisonDialog';
import { TriggerForm } from './TriggerForm';
import { TriggerTable } from './TriggerTable';
import { useTriggerActions } from './use-trigger-actions';

const NEW = 'new';

/** `/triggers?edit=&poison=`: messages that start runs, told live. */
export function TriggersRoute() {
  const [params, setParams] = useSearchParams();
  const { data, problem, restart } = useLiveState(TriggersLive);
  const backend = useQuery(TriggersBackend);
  const actions = useTriggerActions();
  const triggers = data?.triggers ?? [];
  const stopped = triggers.filter(({ status }) => status === 'STREAM_RESET');
  usePage(stopped.length > 0 ? `${titleMark('FAILED')} Triggers` : 'Triggers', [
    { label: 'Triggers' },
  ]);
  const show = (more: Record<string, string>) => setParams(more);
  useCommands([
    {
      id: 'triggers.new',
      label: 'New trigger',
      section: 'Triggers',
      run: () => show({ edit: NEW }),
    },
  ]);
  const edit = params.get('edit');
  const poison = params.get('poison');
  const edited = triggers.find(({ name }) => name === edit);
  const isOff = backend.data?.service?.streamBackend === 'none';
  const close = () => setParams({});
  return (
    <Page
      heading="Triggers"
      actions={
        <>
          <Button size="xs" onClick={() => show({ edit: NEW })}>
            New trigger
          </Button>
          <OpenAsGraphQL document={TriggersLive} variables={{}} />
        </>
      }
    >
      {isOff && (
        <EmptyState title="Streaming is switched off">
          Triggers read nothing until the setting <code>STREAM_BACKEND</code> is <code>kafka</code>.
        </EmptyState>
      )}
      {problem && <ErrorPanel problem={problem} onRetry={restart} />}
      {actions.problem && <ErrorPanel problem={actions.problem} />}
      {!data && !problem && <LoadingRows label="triggers" rows={4} />}
      {data && triggers.length === 0 && !isOff && (
        <EmptyState
          title="No message starts a run"
          actions={
            <Button size="xs" onClick={() => show({ edit: NEW })}>
              New trigger
            </Button>
          }
        >
          A trigger reads a topic and starts one run of a pipeline for each message.
        </EmptyState>
      )}
      {triggers.length > 0 && (
        <LiveRegion>
          <PanelBoundary name="The list of triggers">
            <TriggerTable
              triggers={triggers}
              actions={actions}
              onEdit={(name) => show({ edit: name })}
              onPoison={(name) => show({ poison: name })}
            />
          </PanelBoundary>
        </LiveRegion>
      )}
      {edit === NEW && <TriggerForm known={null} onClose={close} />}
      {edited && <TriggerForm key={edited.id} known={wishOf(edited)} onClose={close} />}
      {poison && <PoisonDialog name={poison} onClose={close} />}
      {actions.asked && (
        <Modal opened onClose={() => actions.ask(null)} title={`Delete ${actions.asked}?`}>
          <p>It reads no more, and its poison messages go. The runs that it started stay.</p>
          <Group mt="md" justify="flex-end">
            <Button variant="default" data-autofocus onClick={() => actions.ask(null)}>
              Keep it
            </Button>
            <Button onClick={() => void actions.remove(actions.asked ?? '')}>Delete</Button>
          </Group>
        </Modal>
      )}
    </Page>
  );
}
