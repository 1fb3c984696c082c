import { Button, Group, Modal } from '@mantine/core';
import { ErrorPanel } from '@/shared/ui';
import { DeleteSchedule } from './documents';
import { useChange } from './use-change';

interface DeleteDialogProps {
  name: string;
  onClose: () => void;
}

export function DeleteDialog({ name, onClose }: DeleteDialogProps) {
  const { isPending, problem, change } = useChange(DeleteSchedule, `${name} was not deleted`);
  const confirm = async () => {
    if (await change({ input: { name } })) onClose();
  };
  return (
    <Modal opened onClose={onClose} title={`Delete ${name}?`}>
      <p>It starts nothing any more, and what became of its ticks is forgotten. Its runs stay.</p>
      {problem && <ErrorPanel problem={problem} />}
      <Group mt="md" justify="flex-end">
        <Button variant="default" data-autofocus onClick={onClose}>
          Keep it
        </Button>
        <Button color="red" loading={isPending} onClick={() => void confirm()}>
          Delete
        </Button>
      </Group>
    </Modal>
  );
}
