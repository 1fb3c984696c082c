import type { DefinitionFormat } from '@/gql/schema-enums';
import type { Place } from './place';
import { blockPlace } from './place-block';
import { flowPlace } from './place-flow';

export function placeIn(text: string, format: DefinitionFormat, offset: number): Place | null {
  if (format === 'JSON')
    return flowPlace(text, offset, { from: 0, path: [], entries: [], isJson: true });
  return blockPlace(text, offset);
}
