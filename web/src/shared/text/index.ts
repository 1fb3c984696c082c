export * from './format';
export * from './fuzzy';
export * from './nearest';
