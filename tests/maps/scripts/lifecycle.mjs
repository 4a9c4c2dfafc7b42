/** The lifecycle as the server serves it, given to the pages' modules. */

import { readFileSync } from 'node:fs';

const { takeLifecycle } = await import('./js/kit/lifecycle.js');
takeLifecycle(JSON.parse(readFileSync('lifecycle.json', 'utf-8')));
