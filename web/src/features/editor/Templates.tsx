import { Button } from '@mantine/core';
import { FileUp } from 'lucide-react';
import { type ChangeEvent, useId } from 'react';
import { formatOf, openedText } from '@/shared/drafts';
import { EmptyState } from '@/shared/ui';
import classes from './editor.module.css';
import { TEMPLATES } from './templates';

/** What stands where the graph will be, while nothing is written. */
export function Templates({ onPick }: { onPick: (text: string) => void }) {
  const file = useId();
  const picked = async ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const [chosen] = currentTarget.files ?? [];
    if (!chosen) return;
    const text = await chosen.text();
    openedText.set({ text, format: formatOf(text, chosen.name), from: chosen.name });
  };
  return (
    <div className={classes.templates}>
      <EmptyState
        title="Write, paste or drop a pipeline"
        actions={
          <>
            <label htmlFor={file} className={classes.file}>
              <FileUp size={14} aria-hidden /> Open a file
            </label>
            <input
              id={file}
              type="file"
              accept=".yaml,.yml,.json"
              className={classes.fileInput}
              onChange={picked}
            />
          </>
        }
      >
        <p>Its graph appears here while you write. Or begin with one that runs as it is:</p>
        <ul className={classes.templateList}>
          {TEMPLATES.map(({ label, about, text }) => (
            <li key={label}>
              <Button size="xs" variant="default" onClick={() => onPick(text)}>
                {label}
              </Button>
              <span>{about}</span>
            </li>
          ))}
        </ul>
      </EmptyState>
    </div>
  );
}
