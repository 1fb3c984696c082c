export * from './opened';
