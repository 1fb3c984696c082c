import { Button, Group, Modal } from '@mantine/core';
import { useMemo } from 'react';
import type { DefinitionFormat } from '@/gql/schema-enums';
import { DiffView } from '@/shared/diff';
import { useReturnFocus } from '@/shared/ui';
import { canonical } from './model/convert';
import type { Existing } from './use-save';

interface ReplaceDialogProps {
  existing: Existing;
  text: string;
  format: DefinitionFormat;
  isSaving: boolean;
}

/** What would change of the pipeline that has the name; nothing is replaced unseen. */
export default function ReplaceDialog({ existing, text, format, isSaving }: ReplaceDialogProps) {
  useReturnFocus();
  const { name, number, isArchived, definition, replace, leave } = existing;
  const [before, after] = useMemo(
    () => [canonical(definition, 'YAML'), canonical(text, format)],
    [definition, text, format],
  );
  return (
    <Modal opened onClose={leave} size="xl" title={`${name} is there already`}>
      <p>
        This changes its version {number} into version {number + 1}; the old one stays to be looked
        at and its runs stay as they were.
        {isArchived && ' The pipeline is archived, and comes back with this.'}
      </p>
      <DiffView label="Changes" before={before} after={after} />
      <Group mt="md" justify="flex-end">
        <Button variant="default" onClick={leave}>
          Go on editing
        </Button>
        <Button loading={isSaving} onClick={replace} data-autofocus>
          Save version {number + 1}
        </Button>
      </Group>
    </Modal>
  );
}
