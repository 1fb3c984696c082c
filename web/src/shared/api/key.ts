import { Store } from './store';

// GraphiQL reads and writes the key under the same name.
const NAME = 'headrace.apiKey';

function stored(): string {
  try {
    return localStorage.getItem(NAME) ?? '';
  } catch {
    return ''; // a browser that keeps nothing still gets the pages
  }
}

/** The API key of this browser, and who wants another one. */
export class ApiKey {
  readonly value = new Store(stored());
  /** How often one was given: whatever was refused before is then asked again, if it is the same too. */
  readonly given = new Store(0);
  /** Whoever asks for a key: the server, which refused the one there is, or the reader. */
  readonly wanted = new Store<'server' | 'reader' | null>(null);

  constructor() {
    // Given in another tab, it is right here too.
    addEventListener('storage', ({ key, newValue }) => {
      if (key === NAME) this.use(newValue ?? '');
    });
  }

  use(key: string): void {
    try {
      if (key) localStorage.setItem(NAME, key);
      else localStorage.removeItem(NAME);
    } catch {
      // It then holds until the page is left.
    }
    this.wanted.set(null);
    this.value.set(key);
    this.given.set(this.given.get() + 1);
  }

  headers(key = this.value.get()): Record<string, string> {
    return { 'X-Headrace-Client': 'ui', ...(key ? { 'X-API-Key': key } : {}) };
  }
}
