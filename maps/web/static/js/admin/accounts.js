/** Accounts: made, changed by one administrator at a time, closed, given a new password. */

import { get, patch, post } from '../kit/api.js';
import { pick, t } from '../kit/i18n.js';
import { Dialog } from '../kit/parts/dialog.js';
import { NumberField, SelectField, TextField } from '../kit/parts/fields.js';
import { Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { toast } from '../kit/parts/toast.js';
import { resource } from '../kit/resource.js';
import { html, signal, useEffect, useMemo, useSignal } from '../kit/view.js';
import { LANGUAGES, STAFF_LANGUAGES } from '../words/languages.js';
import { AreaChoice, askForAreas } from '../records/areas.js';
import { Actions, Details, Form, Head, State, useOpened, when } from '../records/details.js';

/** @typedef {import('../types.d.ts').AccountView} AccountView */
/** @typedef {import('../types.d.ts').AccountList} AccountList */
/** @typedef {import('../types.d.ts').RoleList} RoleList */
/** @typedef {import('../types.d.ts').GrantIn} GrantIn */
/** @typedef {{key: number, role: import('../kit/view.js').Signal<string>, jurisdiction: import('../kit/view.js').Signal<string>, facility_id: import('../kit/view.js').Signal<number|null>}} GrantRow */

const languages = STAFF_LANGUAGES.map((one) => ({ value: one, label: LANGUAGES[one].name }));

/** @param {RoleList} roles @param {string} role */
const roleName = (roles, role) => pick(roles.roles.find((one) => one.role === role)?.words) || role;

/** @param {RoleList} roles @param {AccountView} account */
const rolesOf = (roles, account) => account.grants
  .map((one) => [roleName(roles, one.role), one.jurisdiction].filter(Boolean).join(' · ')).join(t('part.comma'));

export function Accounts() {
  const read = useMemo(() => resource(async (stop) => ({
    accounts: (await get('/v1/admin/accounts', { signal: stop })).accounts, roles: await get('/v1/admin/roles', { signal: stop }),
  })), []);
  const making = useSignal(false);
  useEffect(askForAreas, []);
  const opened = /** @type {ReturnType<typeof useOpened<AccountView>>} */ (useOpened());
  return html`
    <${Head} title=${t('admin.tab.accounts')} text=${t('admin.accounts.text')}>
      <button class="primary" data-testid="new-account" disabled=${!read.data.value} onClick=${() => { making.value = true; }}>${t('admin.accounts.new')}</button>
    <//>
    <${Read} of=${read}>${(/** @type {{accounts: AccountView[], roles: RoleList}} */ found) => html`
      <${DataTable} label=${t('admin.tab.accounts')} rows=${found.accounts} rowKey=${(/** @type {AccountView} */ one) => one.user_id} pageSize=${50} csvName="accounts" onOpen=${opened.show}
        columns=${columns(found.roles)} sortedBy=${{ key: 'username' }} />
      <${Dialog} open=${making} title=${t('admin.accounts.new')} wide testid="account-new">
        <${NewAccount} roles=${found.roles} onDone=${() => { making.value = false; void read.reload(); }} />
      <//>
      <${Dialog} open=${opened.open} title=${opened.row.value?.username ?? ''} wide testid="account-dialog" onClose=${() => void read.reload()}>
        ${opened.row.value && html`<${Account} user_id=${opened.row.value.user_id} roles=${found.roles} />`}
      <//>`}<//>`;
}

/** @param {RoleList} roles @returns {import('../kit/parts/table.js').Column<AccountView>[]} */
const columns = (roles) => [
  { key: 'username', label: t('admin.username'), value: (one) => one.username, narrow: true, width: 'minmax(6.5rem, 1.5fr)' },
  { key: 'display_name', label: t('admin.display_name'), value: (one) => one.display_name },
  { key: 'roles', label: t('admin.roles'), value: (one) => rolesOf(roles, one), narrow: true, width: 'minmax(8rem, 2fr)' },
  { key: 'state', label: t('part.state'), value: (one) => t(one.disabled_at ? 'admin.account.closed' : 'admin.account.open'), filter: 'choice', width: 'minmax(5.5rem, 0.6fr)', narrow: true,
    cell: (one) => html`<${State} text=${t(one.disabled_at ? 'admin.account.closed' : 'admin.account.open')} />` },
  { key: 'sessions', label: t('admin.sessions'), value: (one) => one.sessions, align: 'end', width: 'minmax(5.5rem, 0.5fr)' },
  { key: 'tokens', label: t('admin.tokens'), value: (one) => one.tokens, align: 'end', width: 'minmax(5.5rem, 0.5fr)' },
  { key: 'seen_at', label: t('admin.seen_at'), value: (one) => one.seen_at, cell: (one) => when(one.seen_at), width: 'minmax(10rem, 1fr)' },
];

let lastKey = 0;

/** @param {Partial<GrantIn>} [grant] @returns {GrantRow} */
function grantRow(grant = {}) {
  lastKey += 1;
  return { key: lastKey, role: signal(grant.role ?? ''), jurisdiction: signal(grant.jurisdiction ?? ''), facility_id: signal(grant.facility_id ?? null) };
}

/** @param {GrantRow[]} rows @returns {GrantIn[]} */
const grantsOf = (rows) => rows.filter((row) => row.role.value)
  .map((row) => ({ role: row.role.value, jurisdiction: row.jurisdiction.value, facility_id: row.facility_id.value }));

/** Roles within areas. @param {{rows: import('../kit/view.js').Signal<GrantRow[]>, roles: RoleList}} props */
const Grants = ({ rows, roles }) => html`
  <fieldset class="admin-grants" data-testid="grants">
    <legend>${t('admin.roles')}</legend>
    <p class="hint">${t('admin.grants.hint')}</p>
    ${rows.value.length === 0 && html`<p class="faint">${t('admin.grants.none')}</p>`}
    ${rows.value.map((row) => html`
      <div class="admin-grant" key=${row.key}>
        <${SelectField} label=${t('admin.role')} value=${row.role} empty=${t('admin.choose')} testid="grant-role"
          options=${roles.roles.map((one) => ({ value: one.role, label: pick(one.words) || one.role }))} />
        <${AreaChoice} value=${row.jurisdiction} empty=${t('part.everywhere')} testid="grant-area" />
        <${NumberField} label=${t('admin.facility')} value=${row.facility_id} min=${1} step=${1} />
        <button type="button" class="quiet" aria-label=${t('admin.grants.remove', { role: roleName(roles, row.role.value) })} onClick=${() => { rows.value = rows.value.filter((one) => one !== row); }}>✕</button>
      </div>`)}
    <div><button type="button" data-testid="add-grant" onClick=${() => { rows.value = [...rows.value, grantRow()]; }}>${t('admin.grants.add')}</button></div>
  </fieldset>`;

/** @param {{roles: RoleList, onDone: () => void}} props */
function NewAccount({ roles, onDone }) {
  const username = useSignal('');
  const password = useSignal('');
  const display_name = useSignal('');
  const language = useSignal('zh');
  const grants = useSignal([grantRow()]);
  const make = async () => {
    await post('/v1/admin/accounts', {
      username: username.value.trim(), password: password.value, display_name: display_name.value.trim() || null,
      language: /** @type {'zh'|'en'} */ (language.value), grants: grantsOf(grants.value),
    });
    toast(t('admin.accounts.made', { name: username.value.trim() }), 'good');
    onDone();
  };
  return html`
    <${Form} action=${t('admin.accounts.make')} onSubmit=${make} needs=${{ username: [t('admin.username'), username], password: [t('admin.password'), password] }} testid="make-account">${(/** @type {Record<string, string>} */ problems) => html`
      <div class="fields">
        <${TextField} label=${t('admin.username')} value=${username} required problem=${problems.username} maxlength=${64} testid="username" />
        <${TextField} label=${t('admin.password')} value=${password} type="password" autocomplete="new-password" required problem=${problems.password} testid="password" />
        <${TextField} label=${t('admin.display_name')} value=${display_name} problem=${problems.display_name} maxlength=${80} />
        <${SelectField} label=${t('admin.language')} value=${language} options=${languages} />
      </div>
      <${Grants} rows=${grants} roles=${roles} />`}<//>`;
}

/** @param {{user_id: string, roles: RoleList}} props */
function Account({ user_id, roles }) {
  const read = useMemo(() => resource(() => get(`/v1/admin/accounts/${user_id}`)), [user_id]);
  const settingPassword = useSignal(false);
  return html`
    <${Read} of=${read}>${(/** @type {AccountView} */ account) => html`
      <${Details} rows=${[
        [t('part.state'), t(account.disabled_at ? 'admin.account.closed' : 'admin.account.open') + (account.disabled_at ? ` ${when(account.disabled_at)}` : '')],
        [t('admin.created_at'), when(account.created_at)], [t('admin.seen_at'), when(account.seen_at)],
        [t('admin.sessions'), account.sessions], [t('admin.tokens'), account.tokens],
      ]} />
      <${AccountForm} key=${account.version} account=${account} roles=${roles} onChanged=${read.reload} />
      <hr />
      <${Actions} onDone=${read.reload} onReload=${read.reload} actions=${accountActions(account, () => { settingPassword.value = !settingPassword.value; })} />
      ${settingPassword.value && html`<${Password} account=${account} onReload=${read.reload} onDone=${() => { settingPassword.value = false; void read.reload(); }} />`}`}<//>`;
}

/** @param {AccountView} account @param {() => void} onPassword @returns {import('../records/details.js').Action[]} */
const accountActions = (account, onPassword) => [
  { label: t('admin.password.set'), testid: 'set-password', run: async () => onPassword() },
  { label: t('admin.sign_out'), disabled: account.sessions === 0, done: t('admin.sign_out.done'), testid: 'sign-out-everywhere',
    ask: { title: t('admin.sign_out'), text: t('admin.sign_out.text', { name: account.username }) }, run: () => post(`/v1/admin/accounts/${account.user_id}/sign-out`) },
  account.disabled_at
    ? { label: t('admin.account.enable'), done: t('admin.account.enabled'), testid: 'enable', run: () => post(`/v1/admin/accounts/${account.user_id}/enable`, undefined, { version: account.version }) }
    : { label: t('admin.account.disable'), danger: true, done: t('admin.account.disabled'), testid: 'disable',
      ask: { title: t('admin.account.disable'), text: t('admin.account.disable.text', { name: account.username }) },
      run: () => post(`/v1/admin/accounts/${account.user_id}/disable`, undefined, { version: account.version }) },
];

/** @param {{account: AccountView, roles: RoleList, onChanged: () => Promise<void>}} props */
function AccountForm({ account, roles, onChanged }) {
  const display_name = useSignal(account.display_name);
  const language = useSignal(account.language);
  const grants = useSignal(account.grants.map((one) => grantRow(one)));
  const save = async () => {
    await patch(`/v1/admin/accounts/${account.user_id}`, {
      display_name: display_name.value.trim() || null, language: /** @type {'zh'|'en'} */ (language.value), grants: grantsOf(grants.value),
    }, { version: account.version });
    // Only then: whatever is pressed next goes by the version that is there now.
    await onChanged();
    toast(t('admin.saved'), 'good');
  };
  return html`
    <${Form} action=${t('admin.save')} onSubmit=${save} onReload=${onChanged} testid="save-account">${(/** @type {Record<string, string>} */ problems) => html`
      <div class="fields">
        <${TextField} label=${t('admin.display_name')} value=${display_name} problem=${problems.display_name} maxlength=${80} testid="display-name" />
        <${SelectField} label=${t('admin.language')} value=${language} options=${languages} />
      </div>
      <${Grants} rows=${grants} roles=${roles} />`}<//>`;
}

/** @param {{account: AccountView, onReload: () => Promise<void>, onDone: () => void}} props */
function Password({ account, onReload, onDone }) {
  const password = useSignal('');
  const set = async () => {
    await post(`/v1/admin/accounts/${account.user_id}/password`, { password: password.value }, { version: account.version });
    toast(t('admin.password.done'), 'good');
    onDone();
  };
  return html`
    <${Form} action=${t('admin.password.set')} onSubmit=${set} onReload=${onReload} needs=${{ password: [t('admin.password.new'), password] }} testid="save-password">${(/** @type {Record<string, string>} */ problems) => html`
      <${TextField} label=${t('admin.password.new')} value=${password} type="password" autocomplete="new-password" required hint=${t('admin.password.hint')} problem=${problems.password} testid="new-password" />`}<//>`;
}
