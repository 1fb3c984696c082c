import { Button } from '@mantine/core';
import type { DefinitionFormat } from '@/gql/schema-enums';
import classes from './editor.module.css';

const FORMATS: readonly DefinitionFormat[] = ['YAML', 'JSON'];

interface FormatSwitchProps {
  format: DefinitionFormat;
  /** Why it cannot be switched now. */
  refusal: string | null;
  onSwitch: (format: DefinitionFormat) => void;
}

export function FormatSwitch({ format, refusal, onSwitch }: FormatSwitchProps) {
  return (
    <fieldset className={classes.formats} title={refusal ?? undefined}>
      <legend className={classes.hidden}>Format</legend>
      {FORMATS.map((one) => (
        <label key={one} data-checked={one === format || undefined}>
          <input
            type="radio"
            name="format"
            checked={one === format}
            disabled={refusal !== null && one !== format}
            onChange={() => onSwitch(one)}
          />
          {one}
        </label>
      ))}
    </fieldset>
  );
}

interface SaveButtonsProps {
  isSaving: boolean;
  isBlank: boolean;
  onSave: (thenRun: boolean) => void;
}

export function SaveButtons({ isSaving, isBlank, onSave }: SaveButtonsProps) {
  return (
    <>
      <Button
        size="xs"
        variant="default"
        title="Ctrl+S"
        disabled={isBlank}
        loading={isSaving}
        onClick={() => onSave(false)}
      >
        Save
      </Button>
      <Button size="xs" disabled={isBlank || isSaving} onClick={() => onSave(true)}>
        Save and run
      </Button>
    </>
  );
}

export type Pane = 'text' | 'graph' | 'problems';
const PANES: readonly [Pane, string][] = [
  ['text', 'Text'],
  ['graph', 'Graph'],
  ['problems', 'Problems'],
];

/** Where there is room for one pane only. */
export function PaneTabs({ pane, problems, onChoose }: PaneTabsProps) {
  return (
    <div className={classes.tabs}>
      {PANES.map(([one, label]) => (
        <button key={one} type="button" aria-pressed={one === pane} onClick={() => onChoose(one)}>
          {label}
          {one === 'problems' && problems > 0 && ` (${problems})`}
        </button>
      ))}
    </div>
  );
}

interface PaneTabsProps {
  pane: Pane;
  problems: number;
  onChoose: (pane: Pane) => void;
}
