/** Reports on the city. */

import { html } from '../kit/view.js';
import { startPage } from '../shell/shell.js';
import { ReportsDesk } from '../records/reports/desk.js';
import { WORDS } from '../records/reports/words.js';

await startPage({ words: WORDS, view: () => html`<${ReportsDesk} />` });
