import type { FragmentType, TypedDocumentNode } from '@apollo/client';
import { useFragment } from '@apollo/client/react';

/**
 * The fields that a component declared, of one object in the cache, as they are now: an event that
 * touches the object draws this component and no other. Null where they are not all there.
 */
export function useEntity<TData>(
  fragment: TypedDocumentNode<TData, Record<string, never>>,
  from: FragmentType<NoInfer<TData>> | { __typename: string; id: string },
): TData | null {
  const found = useFragment({ fragment, from: from as never });
  return found.complete ? (found.data as TData) : null;
}
