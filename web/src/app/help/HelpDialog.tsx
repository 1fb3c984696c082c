import { Modal, Switch } from '@mantine/core';
import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/Switch.css';
import { useStore } from '@/shared/api';
import {
  type Command,
  effective,
  isSingle,
  KeyCaps,
  setSingleKeys,
  singleKeys,
  useOfferedCommands,
} from '@/shared/commands';
import { useReturnFocus } from '@/shared/ui';
import { APP, GO_TO } from '../sections';
import classes from './help.module.css';

/** Every key that does something here: those of the page, then those of the app. */
export default function HelpDialog({ onClose }: { onClose: () => void }) {
  const hasSingles = useStore(singleKeys);
  const keyed = effective(useOfferedCommands());
  useReturnFocus();
  const names = [...new Set(keyed.map(({ section }) => section))];
  const ofApp = [GO_TO, APP];
  const ordered = [...names.filter((name) => !ofApp.includes(name)), ...ofApp];
  return (
    <Modal opened onClose={onClose} title="Keys" size="lg" returnFocus={false}>
      <Switch
        className={classes.switch}
        label="Single keys"
        description="Keys without Ctrl or Cmd. Switch them off if you steer by voice, or they come by themselves."
        checked={hasSingles}
        onChange={(event) => setSingleKeys(event.currentTarget.checked)}
      />
      <div className={classes.sections}>
        {ordered.map((name) => (
          <KeyList
            key={name}
            name={name}
            commands={keyed.filter(({ section }) => section === name)}
            hasSingles={hasSingles}
          />
        ))}
      </div>
    </Modal>
  );
}

interface KeyListProps {
  name: string;
  commands: readonly Command[];
  hasSingles: boolean;
}

function KeyList({ name, commands, hasSingles }: KeyListProps) {
  return (
    <section aria-label={name} className={classes.section}>
      <h3>{name}</h3>
      <dl>
        {commands.map(({ id, label, keys = '' }) => {
          const isOff = !hasSingles && isSingle(keys);
          return (
            <div key={id} data-off={isOff || undefined}>
              <dt>{label}</dt>
              <dd>
                {isOff && <span className={classes.off}>off</span>}
                <KeyCaps keys={keys} />
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
