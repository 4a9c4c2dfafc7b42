/** The page of break-glass. */

import { Glass } from './glass.js';
import { WORDS } from './words.js';
import { WORDS as PARTS } from '../records/words.js';
import { html } from '../kit/view.js';
import { startPage } from '../shell/shell.js';

await startPage({ words: { ...PARTS, ...WORDS }, view: () => html`<div class="admin"><${Glass} /></div>` });
