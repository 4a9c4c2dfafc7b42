/** The planner's page: who is covered today, studies and their answers, two of them side by side. A tab is one module. */

import { pick, t } from '../kit/i18n.js';
import { Empty } from '../kit/parts/states.js';
import { Tabs } from '../kit/parts/tabs.js';
import { effect, html, signal, useEffect } from '../kit/view.js';
import { WORDS as PARTS } from '../records/words.js';
import { shell, startPage } from '../shell/shell.js';
import { Compare } from './studies/compare.js';
import { Coverage } from './coverage.js';
import { catalogue } from './map.js';
import { Circle } from './recorded/circle.js';
import { Recorded } from './recorded/recorded.js';
import { WORDS as RECORDED } from './recorded/words.js';
import { Studies } from './studies/list.js';
import { WORDS as STUDIES } from './studies/words.js';
import { WORDS } from './words.js';

/** Each with who may see it: any of these permissions. */
const TABS = /** @type {const} */ ([
  { key: 'coverage', may: ['access_read'], view: Coverage },
  { key: 'studies', may: ['access_read'], view: Studies },
  { key: 'compare', may: ['access_read'], view: Compare },
  { key: 'circle', may: ['access_read'], view: Circle },
  { key: 'recorded', may: ['access_read'], view: Recorded },
]);

const chosen = signal('coverage');

function Planner() {
  useEffect(() => effect(() => { if (shell.city.value) void catalogue.reload(); }), []);
  if (!shell.city.value) return html`<${Empty} text=${t('plan.no_city')} />`;
  const tabs = TABS.filter((tab) => tab.may.some((permission) => shell.can(permission)))
    .map(({ key, view: View }) => ({ key, label: t(`plan.tab.${key}`), view: () => html`<${View} />` }));
  return html`
    <div class="planner">
      <h1 class="visually-hidden">${pick(shell.page.title)}</h1>
      <${Tabs} label=${pick(shell.page.title)} tabs=${tabs} chosen=${chosen} hash />
    </div>`;
}

await startPage({ words: { ...PARTS, ...RECORDED, ...STUDIES, ...WORDS }, view: Planner });
