import { Modal } from '@mantine/core';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { flushSync } from 'react-dom';
import { useNavigate } from 'react-router';
import { KeyCaps, useOfferedCommands } from '@/shared/commands';
import { useReturnFocus } from '@/shared/ui';
import { APP, GO_TO, PALETTE, THEME } from '../sections';
import { arranged } from './arranged';
import { Listbox } from './Listbox';
import { commandOffers, foundOffers, type PaletteOffer } from './offers';
import classes from './palette.module.css';
import { useFound } from './use-found';

const LABEL = 'Search for a command, a screen, a pipeline or a run';

/** All that can be done on this page, and the way to every other one: by name. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const offered = useOfferedCommands();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState<string | null>(null);
  const list = useId();
  const found = useFound(typed);
  useReturnFocus();

  const offers = [
    ...commandOffers(offered.filter(({ id }) => id !== PALETTE)),
    ...foundOffers(found, (to) => void navigate(to)),
  ];
  const sections = arranged<PaletteOffer>(typed, offers, [GO_TO, APP, THEME]);
  const shown = sections.flatMap(({ answers }) => answers.map(({ offer }) => offer));
  const chosen = shown.find(({ id }) => id === active) ?? shown[0];

  const run = (offer: PaletteOffer | undefined) => {
    if (!offer) return;
    // The focus goes back first, so that what is done may move it on.
    flushSync(onClose);
    offer.run();
  };
  const step = (by: number) => {
    const at = chosen ? shown.indexOf(chosen) : -1;
    setActive(shown.at((at + by) % shown.length)?.id ?? null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isAgain = event.key === 'k' && (event.ctrlKey || event.metaKey);
    if (event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowUp') step(-1);
    else if (event.key === 'Enter') run(chosen);
    else if (isAgain) onClose();
    else return;
    event.preventDefault();
  };
  return (
    <Modal.Root
      opened
      onClose={onClose}
      size={640}
      yOffset="10dvh"
      returnFocus={false}
      classNames={{ content: classes.palette ?? '' }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label="Search and commands">
        <div className={classes.head}>
          <Search size={18} aria-hidden className={classes.dimmed} />
          <input
            className={classes.field}
            role="combobox"
            aria-label={LABEL}
            aria-expanded
            aria-controls={list}
            aria-autocomplete="list"
            aria-activedescendant={chosen && optionId(list, chosen)}
            autoComplete="off"
            spellCheck={false}
            placeholder="Command, screen, pipeline or run"
            data-autofocus
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setActive(null);
            }}
            onKeyDown={onKeyDown}
          />
          <button type="button" className={classes.close} aria-label="Close" onClick={onClose}>
            <KeyCaps keys="Escape" />
          </button>
        </div>
        <Listbox
          id={list}
          sections={sections}
          chosen={chosen}
          optionId={(offer) => optionId(list, offer)}
          onPoint={({ id }) => setActive(id)}
          onPick={run}
        />
        <Note count={shown.length} found={found} />
      </Modal.Content>
    </Modal.Root>
  );
}

const optionId = (list: string, { id }: PaletteOffer) => `${list}-${id}`;

/** How many answers there are, and what is still being looked for. */
function Note({ count, found }: { count: number; found: ReturnType<typeof useFound> }) {
  const { text, isAsking, problem } = found;
  const told = isAsking
    ? 'Looking for pipelines and runs…'
    : problem
      ? `Pipelines and runs could not be looked for. ${problem.what}.`
      : count === 0
        ? `No command, screen, pipeline or run is called “${text}”.`
        : `${count} ${count === 1 ? 'result' : 'results'}`;
  return (
    <p role="status" className={classes.note}>
      {told}
    </p>
  );
}
