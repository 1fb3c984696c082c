// Runs before the first paint, so that no page flashes in the other scheme. A file of its own because
// the page's policy runs no script that stands in the page.
(() => {
  let chosen = 'auto';
  try {
    chosen = localStorage.getItem('headrace.colorScheme') ?? 'auto';
  } catch {
    // A browser that keeps nothing follows the system.
  }
  const dark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
