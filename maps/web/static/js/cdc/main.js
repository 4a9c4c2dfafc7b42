/** Disease control: what is unusual today, each disease with its curve, the data. A tab is one module. */

import { pick, t } from '../kit/i18n.js';
import { Empty } from '../kit/parts/states.js';
import { Tabs } from '../kit/parts/tabs.js';
import { html, signal, useEffect } from '../kit/view.js';
import { WORDS as PARTS } from '../records/words.js';
import { WORDS as REPORTS } from '../records/reports/words.js';
import { shell, startPage } from '../shell/shell.js';
import { Bulletin } from './bulletin.js';
import { Clusters } from './clusters.js';
import { Data } from './data.js';
import { Disease } from './disease.js';
import { follow, LostServer } from './live.js';
import { DiseaseMap } from './map.js';
import { Today } from './today.js';
import { WORDS } from './words.js';

/** Each with who may see it: any of these permissions. */
const TABS = /** @type {const} */ ([
  { key: 'today', may: ['cases_read', 'surveillance_read'], view: Today },
  { key: 'clusters', may: ['cases_read', 'surveillance_read'], view: Clusters },
  { key: 'disease', may: ['cases_read'], view: Disease },
  { key: 'map', may: ['cases_read', 'surveillance_read'], view: DiseaseMap },
  { key: 'data', may: ['cases_read'], view: Data },
  { key: 'bulletin', may: ['cases_read', 'surveillance_read'], view: Bulletin },
]);

const chosen = signal('today');

function DiseaseControl() {
  useEffect(follow, []);
  if (!shell.city.value) return html`<${Empty} text=${t('cdc.no_city')} />`;
  const tabs = TABS.filter((tab) => tab.may.some((permission) => shell.can(permission)))
    .map(({ key, view: View }) => ({ key, label: t(`cdc.tab.${key}`), view: () => html`<${View} />` }));
  return html`
    <div class="cdc">
      <h1 class="visually-hidden">${pick(shell.page.title)}</h1>
      <${LostServer} />
      <${Tabs} label=${pick(shell.page.title)} tabs=${tabs} chosen=${chosen} hash />
    </div>`;
}

await startPage({ words: { ...PARTS, ...REPORTS, ...WORDS }, view: DiseaseControl });
