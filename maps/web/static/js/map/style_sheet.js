/** The map library's style sheet, for pages that fetch the map late or not at all. */

let asked = false;

/** Wait until the sheet is there, or cannot be had. */
export async function bringStyle() {
  if (asked) return;
  asked = true;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = import.meta.resolve('maplibre-gl').replace(/\.mjs$/, '.css');
  await new Promise((done) => {
    link.addEventListener('load', done);
    link.addEventListener('error', done);
    document.head.append(link);
  });
}
