import { Button, Group, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ErrorPanel } from '@/shared/ui';
import { PauseSchedule } from './documents';
import { useChange } from './use-change';

const MOST_CHARACTERS = 500;

interface PauseDialogProps {
  name: string;
  onClose: () => void;
}

export function PauseDialog({ name, onClose }: PauseDialogProps) {
  const [note, setNote] = useState('');
  const { isPending, problem, change } = useChange(PauseSchedule, `${name} was not paused`);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await change({ input: { name, note: note.trim() || null } })) onClose();
  };
  return (
    <Modal opened onClose={onClose} title={`Pause ${name}`}>
      <form onSubmit={(event) => void submit(event)}>
        <p>
          It starts nothing until it is resumed, and what passes meanwhile is not made good. Runs
          that are under way go on.
        </p>
        <TextInput
          label="Note"
          description="Why, for whoever sees it"
          data-autofocus
          maxLength={MOST_CHARACTERS}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {problem && <ErrorPanel problem={problem} />}
        <Group mt="md" justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending}>
            Pause
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
