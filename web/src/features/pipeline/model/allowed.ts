interface Bounds {
  choices?: readonly unknown[] | null;
  minimum?: number | null;
  maximum?: number | null;
}

/** What a param may be, in words; empty where its type says all. */
export function allowedOf({ choices, minimum, maximum }: Bounds): string {
  if (choices?.length) {
    return choices.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(', ');
  }
  const least = typeof minimum === 'number';
  const most = typeof maximum === 'number';
  if (least && most) return `${minimum} to ${maximum}`;
  if (least) return `at least ${minimum}`;
  return most ? `at most ${maximum}` : '';
}
