/** Administration: accounts, roles, logins, who read what, how long it is kept, jobs, health. */

import { pick, t } from '../kit/i18n.js';
import { Empty } from '../kit/parts/states.js';
import { Tabs } from '../kit/parts/tabs.js';
import { WORDS as PARTS } from '../records/words.js';
import { html, signal } from '../kit/view.js';
import { shell, startPage } from '../shell/shell.js';
import { Accounts } from './accounts.js';
import { BreakGlass, Reads } from './audit.js';
import { Health } from './health.js';
import { Jobs } from './jobs.js';
import { Logins } from './logins.js';
import { Retention } from './retention.js';
import { Roles } from './roles.js';
import { WORDS } from './words.js';

/** Each with who may see it: any of these permissions. */
const TABS = /** @type {const} */ ([
  { key: 'accounts', may: ['user_admin'], view: Accounts },
  { key: 'roles', may: ['user_admin'], view: Roles },
  { key: 'logins', may: ['user_admin'], view: Logins },
  { key: 'reads', may: ['audit_review', 'identity_link_review'], view: Reads },
  { key: 'glass', may: ['audit_review'], view: BreakGlass },
  { key: 'retention', may: ['privacy_admin', 'user_admin'], view: Retention },
  { key: 'jobs', may: ['user_admin'], view: Jobs },
  { key: 'health', may: ['user_admin'], view: Health },
]);

const chosen = signal('');

function Administration() {
  const tabs = TABS.filter((tab) => tab.may.some((permission) => shell.can(permission)))
    .map(({ key, view: View }) => ({ key, label: t(`admin.tab.${key}`), view: () => html`<${View} />` }));
  return html`
    <div class="admin">
      <h1>${pick(shell.page.title)}</h1>
      ${tabs.length ? html`<${Tabs} label=${pick(shell.page.title)} tabs=${tabs} chosen=${chosen} hash />` : html`<${Empty} text=${t('admin.no_tab')} />`}
    </div>`;
}

await startPage({ words: { ...PARTS, ...WORDS }, view: Administration });
