/** Reports on the city. */

import { html } from '../kit/view.js';
import { startPage } from '../shell/shell.js';
import { ReportsDesk } from './desk.js';
import { WORDS } from './words.js';

await startPage({ words: WORDS, view: () => html`<${ReportsDesk} />` });
