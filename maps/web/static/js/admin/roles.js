/** Roles: what each holds; made, changed and removed here. */

import { get, post, put, request } from '../kit/api.js';
import { pick, t } from '../kit/i18n.js';
import { Dialog } from '../kit/parts/dialog.js';
import { TextField } from '../kit/parts/fields.js';
import { Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { toast } from '../kit/parts/toast.js';
import { resource } from '../kit/resource.js';
import { html, useMemo, useSignal } from '../kit/view.js';
import { Actions, Form, Head, useOpened } from '../records/details.js';

/** @typedef {import('../types.d.ts').RoleList} RoleList */
/** @typedef {import('../types.d.ts').StoredRole} StoredRole */
/** @typedef {import('../types.d.ts').PermissionView} PermissionView */

export function Roles() {
  const read = useMemo(() => resource(() => get('/v1/admin/roles')), []);
  const making = useSignal(false);
  const opened = /** @type {ReturnType<typeof useOpened<StoredRole>>} */ (useOpened());
  const done = () => {
    making.value = false;
    opened.close();
    void read.reload();
  };
  return html`
    <${Head} title=${t('admin.tab.roles')} text=${t('admin.roles.text')}>
      <button class="primary" data-testid="new-role" disabled=${!read.data.value} onClick=${() => { making.value = true; }}>${t('admin.roles.new')}</button>
    <//>
    <${Read} of=${read}>${(/** @type {RoleList} */ found) => html`
      <${DataTable} label=${t('admin.tab.roles')} rows=${found.roles} rowKey=${(/** @type {StoredRole} */ one) => one.role} pageSize=${50} csvName="roles" onOpen=${opened.show} columns=${columns(found)} />
      <${Dialog} open=${making} title=${t('admin.roles.new')} wide testid="role-new"><${NewRole} permissions=${found.permissions} onDone=${done} /><//>
      <${Dialog} open=${opened.open} title=${pick(opened.row.value?.words)} wide testid="role-dialog">
        ${opened.row.value && html`<${Role} role=${opened.row.value} permissions=${found.permissions} onDone=${done} />`}
      <//>`}<//>`;
}

/** @param {RoleList} found @param {StoredRole} role */
const namesOf = (found, role) => role.permissions.map((held) => pick(found.permissions.find((known) => known.permission === held)?.words) || held).join(t('admin.semicolon'));

/** @param {RoleList} found @returns {import('../kit/parts/table.js').Column<StoredRole>[]} */
const columns = (found) => [
  { key: 'words', label: t('admin.role'), value: (one) => pick(one.words), narrow: true, width: 'minmax(6.5rem, 1.2fr)' },
  { key: 'role', label: t('admin.role.code'), value: (one) => one.role },
  { key: 'permissions', label: t('admin.permissions'), narrow: true, width: 'minmax(8rem, 4fr)',
    value: (one) => namesOf(found, one),
    cell: (one) => html`<span class="admin-clamp">${t('admin.permissions.n', { n: one.permissions.length })}${namesOf(found, one)}</span>` },
  { key: 'declared', label: t('admin.role.origin'), value: (one) => t(one.declared ? 'admin.role.declared' : 'admin.role.own'), filter: 'choice' },
  { key: 'accounts', label: t('admin.role.accounts'), value: (one) => one.accounts, align: 'end', narrow: true, width: 'minmax(5.5rem, 0.6fr)' },
];

/** @param {{permissions: PermissionView[], held: import('../kit/view.js').Signal<Set<string>>}} props */
const Permissions = ({ permissions, held }) => html`
  <fieldset class="admin-permissions">
    <legend>${t('admin.permissions')}</legend>
    ${permissions.map((one) => html`
      <label class="check" key=${one.permission}>
        <input type="checkbox" data-testid=${`may-${one.permission}`} checked=${held.value.has(one.permission)} onChange=${(/** @type {any} */ event) => {
          const now = new Set(held.value);
          if (event.target.checked) now.add(one.permission);
          else now.delete(one.permission);
          held.value = now;
        }} />
        <span>${pick(one.words)} <span class="faint small">${one.permission}</span></span>
      </label>`)}
  </fieldset>`;

/** @param {{permissions: PermissionView[], onDone: () => void}} props */
function NewRole({ permissions, onDone }) {
  const role = useSignal('');
  const name_zh = useSignal('');
  const name_en = useSignal('');
  const held = useSignal(/** @type {Set<string>} */ (new Set()));
  const make = async () => {
    await post('/v1/admin/roles', { role: role.value.trim(), name_zh: name_zh.value.trim(), name_en: name_en.value.trim(), permissions: [...held.value] });
    toast(t('admin.saved'), 'good');
    onDone();
  };
  return html`
    <${Form} action=${t('admin.roles.make')} onSubmit=${make} needs=${{ role: [t('admin.role.code'), role], name_zh: [t('admin.name_zh'), name_zh], name_en: [t('admin.name_en'), name_en] }} testid="make-role">${(/** @type {Record<string, string>} */ problems) => html`
      <div class="fields">
        <${TextField} label=${t('admin.role.code')} value=${role} required hint=${t('admin.role.code.hint')} problem=${problems.role} maxlength=${40} testid="role-code" />
        <${TextField} label=${t('admin.name_zh')} value=${name_zh} required problem=${problems.name_zh} maxlength=${80} testid="role-zh" />
        <${TextField} label=${t('admin.name_en')} value=${name_en} required problem=${problems.name_en} maxlength=${80} testid="role-en" />
      </div>
      <${Permissions} permissions=${permissions} held=${held} />`}<//>`;
}

/** @param {{role: StoredRole, permissions: PermissionView[], onDone: () => void}} props */
function Role({ role, permissions, onDone }) {
  const held = useSignal(new Set(role.permissions));
  const save = async () => {
    await put(`/v1/admin/roles/${role.role}/permissions`, { permissions: [...held.value] });
    toast(t('admin.saved'), 'good');
    onDone();
  };
  return html`
    <p class="faint">${t('admin.role.holders', { n: role.accounts })}</p>
    <${Form} action=${t('admin.save')} onSubmit=${save} testid="save-role">${() => html`<${Permissions} permissions=${permissions} held=${held} />`}<//>
    ${role.declared ? html`<p class="faint small">${t('admin.role.declared.text')}</p>` : html`
      <hr /><${Actions} onDone=${onDone} actions=${[{
        label: t('admin.role.remove'), danger: true, done: t('admin.role.removed'), testid: 'remove-role',
        ask: { title: t('admin.role.remove'), text: t('admin.role.remove.text', { n: role.accounts }) }, run: () => request('DELETE', `/v1/admin/roles/${role.role}`),
      }]} />`}`;
}
