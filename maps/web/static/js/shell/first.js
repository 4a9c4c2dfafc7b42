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
  const system = matchMedia('(prefers-color-scheme: dark)');
  const paint = () => { root.dataset.theme = chosen === 'dark' || (chosen !== 'light' && system.matches) ? 'dark' : 'light'; };
  paint();
  // A page without any other script follows the system too.
  addEventListener('DOMContentLoaded', () => {
    if (!document.querySelector('script[type="module"]')) system.addEventListener('change', paint);
  });
  root.dataset.text = stored.getItem?.('goldenhour.text') ?? 'normal';
})();
