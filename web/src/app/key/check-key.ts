import { ApolloLink, HttpLink } from '@apollo/client';
import { firstValueFrom } from 'rxjs';
import { graphql } from '@/gql';
import { type Api, isKeyRefused, problemOf } from '@/shared/api';

export const KeyCheck = graphql(`
  query KeyCheck {
    __typename
  }
`);

/** What a header can carry. */
const SENDABLE = /^[\x20-\x7e]*$/;

/** Asks the server about a key before anything else is asked with it; what is wrong, or null. */
export async function faultOfKey(api: Api, wished: string): Promise<string | null> {
  if (!SENDABLE.test(wished)) return 'A key is of plain letters, digits and signs alone.';
  const { endpoints, key, apollo } = api;
  // A link of its own: what is refused here is told in the dialog, and nowhere else.
  const link = new HttpLink({ uri: endpoints.graphql, headers: key.headers(wished) });
  try {
    const { errors } = await firstValueFrom(
      ApolloLink.execute(link, { query: KeyCheck }, { client: apollo }),
    );
    return errors ? inWords(errors, wished) : null;
  } catch (error) {
    return inWords(error, wished);
  }
}

function inWords(error: unknown, wished: string): string {
  if (isKeyRefused(error)) return wished ? 'This is not the key.' : 'The server wants a key.';
  const { what, why } = problemOf(error);
  return `It could not be tried. ${what}: ${why}`;
}
