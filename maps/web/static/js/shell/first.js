/* Run before anything is painted: theme and text size, so that no page flashes in the wrong one. */
(() => {
  const root = document.documentElement;
  let stored = /** @type {Partial<Storage>} */ ({});
  try {
    stored = localStorage;
  } catch {
    // Storage may be switched off; the system's preference is then what counts.
  }
  const chosen = stored.getItem?.('goldenhour.theme');
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = dark ? 'dark' : 'light';
  root.dataset.text = stored.getItem?.('goldenhour.text') ?? 'normal';
})();
