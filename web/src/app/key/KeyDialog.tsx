import { Button, Group, Modal, PasswordInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useApi, useConnection, useStore } from '@/shared/api';
import { useReturnFocus } from '@/shared/ui';
import { faultOfKey } from './check-key';

const WHERE = 'What API_KEY holds at the server. It is kept in this browser; empty means none.';

/** Asks for the API key: when the server refused the one there is, or the reader wants another. */
export default function KeyDialog() {
  const api = useApi();
  const used = useStore(api.key.value);
  const isNeeded = useIsNeeded();
  const field = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(used);
  const [fault, setFault] = useState<string | null>(null);
  const [isTrying, setTrying] = useState(false);
  useReturnFocus();
  const close = () => api.key.wanted.set(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wished = draft.trim();
    setFault(null);
    setTrying(true);
    const found = await faultOfKey(api, wished);
    setTrying(false);
    // Whoever closed the dialog meanwhile does not want it any more.
    if (api.key.wanted.get() === null) return;
    if (found === null) api.key.use(wished);
    else {
      setFault(found);
      field.current?.select();
    }
  };
  const isKeptWrong = isNeeded && used !== '' && draft === used;
  const wrong = fault ?? (isKeptWrong ? 'The key that this browser kept is wrong.' : null);
  return (
    <Modal opened onClose={close} title={isNeeded ? 'The server wants an API key' : 'API key'}>
      <form onSubmit={(event) => void submit(event)}>
        <PasswordInput
          ref={field}
          label="Key"
          description={WHERE}
          error={wrong}
          aria-invalid={wrong !== null}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={draft}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => {
            setFault(null);
            setDraft(event.currentTarget.value);
          }}
        />
        <Group mt="md" justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={isTrying}>
            Use this key
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

/** Whether the server lets nobody in with the key that there is. */
function useIsNeeded(): boolean {
  const wanted = useStore(useApi().key.wanted);
  const { phase } = useConnection();
  return wanted === 'server' || phase === 'key-needed';
}
