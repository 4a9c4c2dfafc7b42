/** Weekly and monthly bulletins: had made, looked at, taken away. */

import { html } from '../kit/view.js';
import { ReportsDesk } from '../records/reports/desk.js';

export const Bulletin = () => html`<${ReportsDesk} only=${(/** @type {{of_periods: boolean}} */ kind) => kind.of_periods} />`;
