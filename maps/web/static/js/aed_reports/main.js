/** What citizens report of AEDs: looked at, checked, decided; a report itself takes nothing out. */

import { WORDS as PARTS } from '../records/words.js';
import { html } from '../kit/view.js';
import { startPage } from '../shell/shell.js';
import { Reports } from './reports.js';
import { WORDS } from './words.js';

await startPage({ words: { ...PARTS, ...WORDS }, view: () => html`<div class="admin"><${Reports} /></div>` });
