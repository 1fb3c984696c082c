/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Where the API is, if not where the pages come from: an absolute http(s) address. */
  readonly VITE_API_BASE?: string;
}
