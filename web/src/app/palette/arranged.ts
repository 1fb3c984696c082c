import { fuzzy, type Match } from '@/shared/text';

/** Something that the palette offers. */
export interface Offer {
  id: string;
  label: string;
  section: string;
  /** The server found it for what was typed, be it for something that its label does not say. */
  isFound?: boolean;
}

export interface Answer<T extends Offer> {
  offer: T;
  /** The letters of its label that answer to what was typed. */
  at: readonly number[];
}

export interface Section<T extends Offer> {
  name: string;
  answers: Answer<T>[];
}

const FOUND: Match = { score: 0, at: [] };

/**
 * What answers to what was typed, by sections: each with its best first, the section with the best of
 * all before the others. With nothing typed everything is as it was offered, but for what comes last.
 */
export function arranged<T extends Offer>(
  typed: string,
  offers: readonly T[],
  last: readonly string[],
): Section<T>[] {
  const scored = offers.flatMap((offer) => {
    const match = fuzzy(typed, offer.label) ?? (offer.isFound ? FOUND : null);
    return match ? [{ offer, ...match }] : [];
  });
  const names = [...new Set(scored.map(({ offer }) => offer.section))];
  const isTyped = typed.trim() !== '';
  const sections = names.map((name) => {
    const own = scored.filter(({ offer }) => offer.section === name);
    if (isTyped) own.sort((a, b) => b.score - a.score);
    return { name, best: own[0]?.score ?? 0, answers: own.map(({ offer, at }) => ({ offer, at })) };
  });
  const rank = (name: string) => last.indexOf(name);
  sections.sort((a, b) => (isTyped ? b.best - a.best : 0) || rank(a.name) - rank(b.name));
  return sections.map(({ name, answers }) => ({ name, answers }));
}
