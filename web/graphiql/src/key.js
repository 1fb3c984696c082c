// The API key, shared with the app: both read and write it under one name in this browser.
const NAME = 'headrace.apiKey';

export function storedKey() {
  try {
    return localStorage.getItem(NAME) ?? '';
  } catch {
    return ''; // a browser that keeps nothing still gets the page
  }
}

export function storeKey(key) {
  try {
    if (key) localStorage.setItem(NAME, key);
    else localStorage.removeItem(NAME);
  } catch {
    // It then holds until the page is left.
  }
}

/** Calls back with a key that was given, or taken away, in another tab; returns what ends that. */
export function onKeyElsewhere(given) {
  const listener = ({ key, newValue }) => {
    // All that is kept was thrown away: no name is told then.
    if (key === NAME || key === null) given(newValue ?? '');
  };
  addEventListener('storage', listener);
  return () => removeEventListener('storage', listener);
}
