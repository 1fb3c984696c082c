import { useEffect } from 'react';
import { useStore } from '@/shared/api';
import { isSingle, KeyCaps, singleKeys } from '@/shared/commands';
import type { Answer, Section } from './arranged';
import type { PaletteOffer } from './offers';
import classes from './palette.module.css';

interface ListboxProps {
  id: string;
  sections: readonly Section<PaletteOffer>[];
  chosen: PaletteOffer | undefined;
  optionId: (offer: PaletteOffer) => string;
  onPoint: (offer: PaletteOffer) => void;
  onPick: (offer: PaletteOffer) => void;
}

/** The answers; the focus stays in the field, which names the one that is chosen. */
export function Listbox({ id, sections, chosen, optionId, onPoint, onPick }: ListboxProps) {
  const chosenId = chosen && optionId(chosen);
  useEffect(() => {
    if (chosenId) document.getElementById(chosenId)?.scrollIntoView({ block: 'nearest' });
  }, [chosenId]);
  return (
    <div id={id} role="listbox" aria-label="Results" className={classes.list}>
      {sections.map(({ name, answers }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is nothing that a listbox may hold
        <div key={name} role="group" aria-label={name}>
          <div aria-hidden className={classes.section}>
            {name}
          </div>
          {answers.map((answer) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus, and names the option
            // biome-ignore lint/a11y/useKeyWithClickEvents: Enter is taken by the field
            <div
              key={answer.offer.id}
              id={optionId(answer.offer)}
              role="option"
              aria-selected={answer.offer === chosen}
              className={classes.option}
              onMouseMove={() => onPoint(answer.offer)}
              // The field keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onPick(answer.offer)}
            >
              <OptionText {...answer} />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

function OptionText({ offer, at }: Answer<PaletteOffer>) {
  const { icon, label, detail, keys } = offer;
  const hasSingles = useStore(singleKeys);
  return (
    <>
      {icon}
      <span className={classes.label}>
        <Marked text={label} at={at} />
      </span>
      {detail && <span className={classes.detail}>{detail}</span>}
      {keys && (hasSingles || !isSingle(keys)) && <KeyCaps keys={keys} />}
    </>
  );
}

/** The text with the letters that were typed in bold, each run of them as one. */
function Marked({ text, at }: { text: string; at: readonly number[] }) {
  const pieces: { text: string; from: number; isTyped: boolean }[] = [];
  for (let place = 0; place < text.length; place += 1) {
    const isTyped = at.includes(place);
    const last = pieces.at(-1);
    if (last && last.isTyped === isTyped) last.text += text[place];
    else pieces.push({ text: text[place] ?? '', from: place, isTyped });
  }
  return pieces.map((piece) => (piece.isTyped ? <b key={piece.from}>{piece.text}</b> : piece.text));
}
