import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/Checkbox.css';
import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useId } from 'react';
import { formatBytes } from '@/shared/text';
import { hintOf, type Param, type Written } from './fields';

export interface DatasetChoice {
  name: string;
  path: string;
  sizeBytes: number | string;
}

interface ParamFieldProps {
  param: Param;
  written: Written;
  fault: string | undefined;
  datasets: readonly DatasetChoice[];
  onChange: (written: Written) => void;
}

/** The field that fits a param's type. */
export function ParamField(props: ParamFieldProps) {
  const { param, written, fault, datasets, onChange } = props;
  const { name, type, required, choices } = param;
  const files = useId();
  const common = {
    label: name,
    description: hintOf(param) || undefined,
    error: fault,
    withAsterisk: required,
  };
  const text = String(written);
  const changed = (event: { currentTarget: { value: string } }) =>
    onChange(event.currentTarget.value);
  if (choices?.length) {
    const options = choices.map((one) => ({ value: JSON.stringify(one), label: wordOf(one) }));
    const none = required && text !== '' ? [] : [{ value: '', label: '–' }];
    return (
      <NativeSelect {...common} data={[...none, ...options]} value={text} onChange={changed} />
    );
  }
  switch (type) {
    case 'BOOLEAN':
      return (
        <Checkbox
          {...common}
          checked={written === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'INTEGER':
    case 'NUMBER':
      return (
        <TextInput
          {...common}
          type="number"
          step={type === 'INTEGER' ? 1 : 'any'}
          min={param.minimum ?? undefined}
          max={param.maximum ?? undefined}
          value={text}
          onChange={changed}
        />
      );
    case 'DATETIME':
      return (
        <TextInput {...common} type="datetime-local" step={1} value={text} onChange={changed} />
      );
    case 'JSON':
      return (
        <Textarea
          {...common}
          autosize
          minRows={3}
          maxRows={14}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={text}
          onChange={changed}
        />
      );
    case 'PATH':
      return (
        <>
          <TextInput {...common} list={files} spellCheck={false} value={text} onChange={changed} />
          <datalist id={files}>
            {datasets.map(({ path, name: file, sizeBytes }) => (
              <option key={path} value={path}>
                {file}, {formatBytes(sizeBytes)}
              </option>
            ))}
          </datalist>
        </>
      );
    case 'STRING':
      return <TextInput {...common} value={text} onChange={changed} />;
  }
}

const wordOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
