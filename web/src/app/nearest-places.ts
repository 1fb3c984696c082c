import { nearest } from '@/shared/text';

/** Parts of an address that a name follows: whoever mistyped them meant the name all the same. */
const NAMED = ['runs', 'pipelines'];
const MOST = 4;

/** Of the app's own addresses those that may have been meant; empty where none is near. */
export function nearestPlaces(pathname: string, places: readonly string[]): string[] {
  const [first = '', ...rest] = pathname.split('/').filter(Boolean);
  const named = rest.length > 0 ? nearest(first, NAMED, 1) : [];
  const whole = nearest(pathname, places, MOST);
  const parts = nearest(
    first,
    places.map((place) => place.slice(1)),
    MOST,
  );
  const found = [
    ...named.map((name) => ['', name, ...rest].join('/')),
    ...whole,
    ...parts.map((part) => `/${part}`),
  ];
  return [...new Set(found)].filter((place) => place !== pathname).slice(0, MOST);
}
