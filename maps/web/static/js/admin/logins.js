/** Open logins of browsers, and tokens of programs: ended; a new token is shown once. */

import { get, post, request } from '../kit/api.js';
import { t } from '../kit/i18n.js';
import { Dialog } from '../kit/parts/dialog.js';
import { NumberField, SelectField, TextField } from '../kit/parts/fields.js';
import { Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { toast } from '../kit/parts/toast.js';
import { resource } from '../kit/resource.js';
import { html, useMemo, useSignal } from '../kit/view.js';
import { Actions, Details, Form, Head, refreshButton, useOpened, when } from '../records/details.js';

/** @typedef {import('../types.d.ts').LoginView} LoginView */
/** @typedef {import('../types.d.ts').TokenView} TokenView */
/** @typedef {import('../types.d.ts').NewToken} NewToken */
/** @typedef {import('../types.d.ts').AccountView} AccountView */

export const Logins = () => html`<${Sessions} /><${Tokens} />`;

function Sessions() {
  const read = useMemo(() => resource(() => get('/v1/admin/sessions')), []);
  const opened = /** @type {ReturnType<typeof useOpened<LoginView>>} */ (useOpened());
  const row = opened.row.value;
  const columns = [
    { key: 'username', label: t('admin.username'), value: (/** @type {LoginView} */ one) => one.username, narrow: true },
    { key: 'created_at', label: t('admin.began_at'), value: (/** @type {LoginView} */ one) => one.created_at, cell: (/** @type {LoginView} */ one) => when(one.created_at), narrow: true },
    { key: 'seen_at', label: t('admin.seen_at'), value: (/** @type {LoginView} */ one) => one.seen_at, cell: (/** @type {LoginView} */ one) => when(one.seen_at) },
    { key: 'expires_at', label: t('part.ends_at'), value: (/** @type {LoginView} */ one) => one.expires_at, cell: (/** @type {LoginView} */ one) => when(one.expires_at) },
  ];
  return html`
    <section class="admin-part">
      <${Head} title=${t('admin.logins.sessions')} text=${t('admin.logins.sessions.text')}>${refreshButton(read)}<//>
      <${Read} of=${read}>${(/** @type {{sessions: LoginView[]}} */ found) => html`
        <${DataTable} label=${t('admin.logins.sessions')} rows=${found.sessions} rowKey=${(/** @type {LoginView} */ one) => one.session_id} pageSize=${20} onOpen=${opened.show} columns=${columns}
          empty=${{ title: t('admin.logins.none') }} />`}<//>
      <${Dialog} open=${opened.open} title=${row?.username ?? ''} testid="session-dialog">
        ${row && html`
          <${Details} rows=${[[t('admin.began_at'), when(row.created_at)], [t('admin.seen_at'), when(row.seen_at)], [t('part.ends_at'), when(row.expires_at)]]} />
          <${Actions} onDone=${() => { opened.close(); void read.reload(); }} actions=${[{
            label: t('admin.logins.end'), danger: true, done: t('admin.logins.ended'), testid: 'end-session', run: () => request('DELETE', `/v1/admin/sessions/${row.session_id}`),
          }]} />`}
      <//>
    </section>`;
}

function Tokens() {
  const read = useMemo(() => resource(() => get('/v1/admin/tokens')), []);
  const opened = /** @type {ReturnType<typeof useOpened<TokenView>>} */ (useOpened());
  const making = useSignal(false);
  const row = opened.row.value;
  const columns = [
    { key: 'name', label: t('admin.token.name'), value: (/** @type {TokenView} */ one) => one.name, narrow: true },
    { key: 'username', label: t('admin.username'), value: (/** @type {TokenView} */ one) => one.username, narrow: true },
    { key: 'created_at', label: t('admin.created_at'), value: (/** @type {TokenView} */ one) => one.created_at, cell: (/** @type {TokenView} */ one) => when(one.created_at) },
    { key: 'seen_at', label: t('admin.seen_at'), value: (/** @type {TokenView} */ one) => one.seen_at, cell: (/** @type {TokenView} */ one) => when(one.seen_at) },
    { key: 'expires_at', label: t('part.ends_at'), value: (/** @type {TokenView} */ one) => one.expires_at, cell: (/** @type {TokenView} */ one) => (one.expires_at ? when(one.expires_at) : t('admin.never')), narrow: true },
  ];
  return html`
    <section class="admin-part">
      <${Head} title=${t('admin.tokens')} text=${t('admin.tokens.text')}>
        <button data-testid="new-token" onClick=${() => { making.value = true; }}>${t('admin.token.new')}</button>
      <//>
      <${Read} of=${read}>${(/** @type {{tokens: TokenView[]}} */ found) => html`
        <${DataTable} label=${t('admin.tokens')} rows=${found.tokens} rowKey=${(/** @type {TokenView} */ one) => one.token_id} pageSize=${20} onOpen=${opened.show} columns=${columns}
          empty=${{ title: t('admin.tokens.none') }} />`}<//>
      <${Dialog} open=${making} title=${t('admin.token.new')} testid="token-new" onClose=${() => void read.reload()}><${MakeToken} /><//>
      <${Dialog} open=${opened.open} title=${row?.name ?? ''} testid="token-dialog">
        ${row && html`
          <${Details} rows=${[[t('admin.username'), row.username], [t('admin.created_at'), when(row.created_at)], [t('admin.seen_at'), when(row.seen_at)], [t('part.ends_at'), row.expires_at ? when(row.expires_at) : t('admin.never')]]} />
          <${Actions} onDone=${() => { opened.close(); void read.reload(); }} actions=${[{
            label: t('admin.token.withdraw'), danger: true, done: t('admin.token.withdrawn'), testid: 'withdraw-token',
            ask: { title: t('admin.token.withdraw'), text: t('admin.token.withdraw.text') }, run: () => request('DELETE', `/v1/admin/tokens/${row.token_id}`),
          }]} />`}
      <//>
    </section>`;
}

function MakeToken() {
  const accounts = useMemo(() => resource(() => get('/v1/admin/accounts')), []);
  const user_id = useSignal('');
  const name = useSignal('');
  const days = useSignal(/** @type {number|null} */ (365));
  const made = useSignal(/** @type {NewToken|null} */ (null));
  if (made.value) return html`<${ShownOnce} token=${made.value} />`;
  const make = async () => {
    made.value = await post('/v1/admin/tokens', { user_id: user_id.value, name: name.value.trim(), days: days.value ?? 365 });
  };
  return html`
    <${Read} of=${accounts}>${(/** @type {{accounts: AccountView[]}} */ found) => html`
      <${Form} action=${t('admin.token.make')} onSubmit=${make} needs=${{ user_id: [t('admin.account'), user_id], name: [t('admin.token.name'), name] }} testid="make-token">${(/** @type {Record<string, string>} */ problems) => html`
        <${SelectField} label=${t('admin.account')} value=${user_id} required empty=${t('admin.choose')} hint=${t('admin.token.rights')} problem=${problems.user_id} testid="token-account"
          options=${found.accounts.filter((one) => !one.disabled_at).map((one) => ({ value: one.user_id, label: one.username }))} />
        <${TextField} label=${t('admin.token.name')} value=${name} required problem=${problems.name} maxlength=${80} testid="token-name" />
        <${NumberField} label=${t('admin.days')} value=${days} min=${1} max=${3660} step=${1} problem=${problems.days} />`}<//>`}<//>`;
}

/** @param {{token: NewToken}} props */
function ShownOnce({ token }) {
  const copy = () => navigator.clipboard?.writeText(token.token).then(() => toast(t('admin.token.copied'), 'good'));
  return html`
    <p>${t('admin.token.once')}</p>
    <p class="admin-token" data-testid="token-text" tabindex="0">${token.token}</p>
    <div class="row end"><button class="primary" onClick=${copy}>${t('admin.token.copy')}</button></div>`;
}
