import { NativeSelect } from '@mantine/core';
import {
  type DatasetChoice,
  type Draft,
  type Param,
  ParamField,
  type Written,
} from '@/shared/params';
import type { Faults } from './model/wish';

interface ParamFieldsProps {
  params: readonly Param[];
  datasets: readonly DatasetChoice[];
  draft: Draft;
  tickParam: string;
  faults: Faults;
  onTickParam: (name: string) => void;
  onWritten: (name: string, written: Written) => void;
}

/** The params that each run gets; one of them may get the time of its tick. */
export function ParamFields(props: ParamFieldsProps) {
  const { params, datasets, draft, tickParam, faults, onTickParam, onWritten } = props;
  const takers = params.filter(({ type }) => type === 'DATETIME' || type === 'STRING');
  return (
    <>
      {takers.length > 0 && (
        <NativeSelect
          label="Param for the tick's time"
          description="So that a run knows which day or hour it is for"
          data={[{ value: '', label: 'None' }, ...takers.map(({ name }) => name)]}
          value={tickParam}
          error={faults.tickParam}
          onChange={(event) => onTickParam(event.currentTarget.value)}
        />
      )}
      {params
        .filter(({ name }) => name !== tickParam)
        .map((param) => (
          <ParamField
            key={param.name}
            param={param}
            written={draft[param.name] ?? ''}
            fault={faults[`params.${param.name}`]}
            datasets={datasets}
            onChange={(written) => onWritten(param.name, written)}
          />
        ))}
    </>
  );
}
