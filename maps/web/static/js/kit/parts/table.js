/**
 * A table of any length: sorted by its heads, filtered, paged or scrolled, downloaded as CSV.
 *
 * Only the rows in view are in the page. The keyboard moves a marked row (arrows, Page, Home, End),
 * Enter opens it; focus stays on the table, so rows may come and go under it.
 */

import { csvText, download } from '../csv.js';
import { language, t } from '../i18n.js';
import { MARKS } from '../provenance.js';
import { filtered, folded, ranks, sorted } from '../rows.js';
import { html, useEffect, useId, useMemo, useRef, useSignal, valueOf } from '../view.js';
import { Empty } from './states.js';

const ROW_REM = 2.25;
const SPARE_ROWS = 8;
const MOST_CHOICES = 200;

/**
 * @template R
 * @typedef {object} Column
 * @property {string} key
 * @property {string} label
 * @property {(row: R) => import('../rows.js').Value} value  what it is sorted, searched and downloaded by
 * @property {(row: R) => import('../view.js').Children} [cell]  how it is shown, where that is not the value
 * @property {boolean} [sort]  may be sorted by (yes unless false)
 * @property {'choice'|'text'|false} [filter]  a field of its own above the table
 * @property {'start'|'end'} [align]  `end` for numbers
 * @property {((row: R) => import('../rows.js').Value)|false} [csv]  what the download holds, where that is not the value; false: nothing
 * @property {string} [width]  a CSS length or `minmax(…)`
 * @property {boolean} [narrow]  also shown on narrow screens (the first three are, if none says so)
 */

/**
 * @template R
 * @typedef {object} TableProps
 * @property {string} [label]  what it is a table of, for screen readers
 * @property {Column<R>[]} columns
 * @property {readonly R[]|import('../view.js').ReadonlySignal<readonly R[]>} rows
 * @property {(row: R) => string|number} rowKey
 * @property {(row: R) => void} [onOpen]  on Enter and click
 * @property {string} [csvName]  offers the download under this name
 * @property {import('../provenance.js').Provenance} [provenance]  said in the download, and in its name
 * @property {{title?: string, text?: string}} [empty]  why there may be nothing
 * @property {import('../view.js').Signal<string|number|null>} [selected]  key of the row that is marked
 * @property {number} [pageSize]  pages of so many rows instead of scrolling
 * @property {{key: string, descending?: boolean}} [sortedBy]  to begin with
 * @property {boolean} [search]  the field that searches all columns (yes unless false)
 * @property {number} [height_rem]  of the part that scrolls
 */

/** @template R @param {TableProps<R>} props */
export function DataTable(props) {
  const { columns, rowKey, onOpen, csvName, provenance, empty, pageSize, label, search = true, height_rem = 32 } = props;
  const id = useId();
  const ownSelection = useSignal(/** @type {string|number|null} */ (null));
  const selected = props.selected ?? ownSelection;
  const order = useSignal(/** @type {{key: string, descending: boolean}|null} */ (
    props.sortedBy ? { key: props.sortedBy.key, descending: props.sortedBy.descending ?? false } : null));
  const query = useSignal('');
  const filters = useSignal(/** @type {Record<string, string>} */ ({}));
  const page = useSignal(0);
  const top = useSignal(0);
  const height = useSignal(0);
  const scroller = useRef(/** @type {HTMLElement|null} */ (null));
  const rows = valueOf(props.rows);
  const spoken = language();

  // What is derived from all rows is made once for them, and only for columns that ask for it.
  const known = useMemo(() => derived(rows, columns, spoken), [rows, columns.map((one) => one.key).join(), spoken]);
  const shownRows = useMemo(() => {
    /** @type {((index: number) => boolean)[]} */
    const tests = [];
    for (const column of columns) {
      const wanted = filters.value[column.key];
      if (!wanted) continue;
      if (column.filter === 'choice') {
        const values = known.values(column);
        tests.push((index) => String(values[index] ?? '') === wanted);
      } else {
        const texts = known.texts(column);
        const sought = folded(wanted);
        tests.push((index) => texts[index].includes(sought));
      }
    }
    for (const word of folded(query.value).split(/\s+/).filter(Boolean)) {
      const texts = columns.map((column) => known.texts(column));
      tests.push((index) => texts.some((column) => column[index].includes(word)));
    }
    const found = filtered(rows.length, tests);
    const column = columns.find((one) => one.key === order.value?.key);
    return column && order.value ? sorted(found, known.ranks(column), order.value.descending) : found;
  }, [known, query.value, filters.value, order.value]);

  const pages = pageSize ? Math.max(1, Math.ceil(shownRows.length / pageSize)) : 1;
  const at = Math.min(page.value, pages - 1);
  const rowPx = useMemo(() => Math.round(ROW_REM * parseFloat(getComputedStyle(document.documentElement).fontSize)), [document.documentElement.dataset.text]);
  const from = pageSize ? at * pageSize : 0;
  const until = pageSize ? Math.min(shownRows.length, from + pageSize) : shownRows.length;
  const first = pageSize ? from : Math.max(0, Math.floor(top.value / rowPx) - SPARE_ROWS);
  const last = pageSize ? until : Math.min(until, Math.ceil((top.value + height.value) / rowPx) + SPARE_ROWS);

  useEffect(() => {
    const box = scroller.current;
    if (!box) return undefined;
    const look = () => { top.value = box.scrollTop; height.value = box.clientHeight; };
    const size = new ResizeObserver(look);
    size.observe(box);
    box.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      size.disconnect();
      box.removeEventListener('scroll', look);
    };
  }, [rows.length === 0]);

  const chosenPlace = useMemo(() => {
    for (let place = 0; place < shownRows.length; place += 1) if (rowKey(rows[shownRows[place]]) === selected.value) return place;
    return -1;
  }, [shownRows, selected.value]);

  /** @param {number} place */
  function mark(place) {
    const wanted = Math.max(0, Math.min(shownRows.length - 1, place));
    if (!shownRows.length) return;
    selected.value = rowKey(rows[shownRows[wanted]]);
    if (pageSize) page.value = Math.floor(wanted / pageSize);
    const box = scroller.current;
    if (!box || pageSize) return;
    const head = rowPx;
    if (wanted * rowPx < box.scrollTop) box.scrollTop = wanted * rowPx;
    else if ((wanted + 1) * rowPx + head > box.scrollTop + box.clientHeight) box.scrollTop = (wanted + 1) * rowPx + head - box.clientHeight;
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.target !== scroller.current) return;
    const many = pageSize ?? Math.max(1, Math.floor(height.value / rowPx) - 2);
    const to = {
      ArrowDown: chosenPlace + 1, ArrowUp: chosenPlace - 1, PageDown: chosenPlace + many, PageUp: chosenPlace - many,
      Home: 0, End: shownRows.length - 1,
    }[event.key];
    if (to !== undefined) mark(to);
    else if (event.key === 'Enter' && chosenPlace >= 0 && onOpen) onOpen(rows[shownRows[chosenPlace]]);
    else return;
    event.preventDefault();
  }

  /** @param {Column<R>} column */
  function sortBy(column) {
    const now = order.value;
    if (now?.key !== column.key) order.value = { key: column.key, descending: false };
    else order.value = now.descending ? null : { key: column.key, descending: true };
    page.value = 0;
  }

  const save = () => saveCsv({ columns, rows, shownRows, name: csvName ?? 'table', provenance });
  const narrowSaid = columns.some((column) => column.narrow);
  const wide = (/** @type {Column<R>} */ column, /** @type {number} */ index) => !(narrowSaid ? column.narrow : index < 3);
  const template = columns.map((column) => column.width ?? 'minmax(6rem, 1fr)').join(' ');
  const narrowTemplate = columns.filter((column, index) => !wide(column, index)).map((column) => column.width ?? 'minmax(4rem, 1fr)').join(' ');
  const anyFilter = query.value !== '' || Object.values(filters.value).some(Boolean);

  const line = (/** @type {number} */ place) => {
    const row = rows[shownRows[place]];
    const key = rowKey(row);
    return html`
      <div role="row" class="tr ${key === selected.value ? 'chosen' : ''} ${onOpen ? 'opens' : ''}" key=${key} id=${`${id}-r${place}`} data-key=${key}
        aria-rowindex=${place + 2} aria-selected=${key === selected.value ? 'true' : 'false'}
        style=${pageSize ? '' : `transform: translateY(${place * rowPx}px); height: ${rowPx}px`}
        onClick=${() => { selected.value = key; onOpen?.(row); }}>
        ${columns.map((column, index) => html`
          <div role="gridcell" class="td ${column.align === 'end' ? 'end' : ''} ${wide(column, index) ? 'wide-only' : ''}" key=${column.key}
            title=${column.cell ? undefined : String(column.value(row) ?? '')}>${column.cell ? column.cell(row) : shown(column.value(row))}</div>`)}
      </div>`;
  };
  const lines = [];
  for (let place = first; place < last; place += 1) lines.push(line(place));

  return html`
    <div class="table" style=${`--columns: ${template}; --narrow-columns: ${narrowTemplate}`} data-testid="table">
      <div class="table-tools">
        ${search && html`<input type="search" class="table-search" aria-label=${t('table.search')} placeholder=${t('table.search')} value=${query.value}
          onInput=${(/** @type {any} */ event) => { query.value = event.target.value; page.value = 0; scroller.current?.scrollTo(0, 0); }} />`}
        ${columns.filter((column) => column.filter).map((column) => html`<${Filter} key=${column.key} column=${column} values=${() => known.choices(column)}
          value=${filters.value[column.key] ?? ''} onValue=${(/** @type {string} */ value) => { filters.value = { ...filters.value, [column.key]: value }; page.value = 0; }} />`)}
        ${anyFilter && html`<button class="quiet" onClick=${() => { query.value = ''; filters.value = {}; }}>${t('table.clear')}</button>`}
        <span class="grow"></span>
        <span class="faint small" role="status" data-testid="row-count">${shownRows.length === rows.length
          ? t('table.rows', { n: grouped(rows.length) }) : t('table.rows_of', { n: grouped(shownRows.length), all: grouped(rows.length) })}</span>
        ${csvName && html`<button data-testid="csv" disabled=${shownRows.length === 0} onClick=${save}>${t('table.csv')}</button>`}
      </div>
      ${rows.length === 0 ? html`<${Empty} ...${empty ?? {}} />` : html`
        <div class="table-scroll ${pageSize ? 'paged' : ''}" ref=${scroller} role="grid" tabindex="0" aria-label=${label} aria-rowcount=${shownRows.length + 1}
          aria-activedescendant=${chosenPlace >= first && chosenPlace < last ? `${id}-r${chosenPlace}` : undefined}
          style=${pageSize ? '' : `max-height: ${height_rem}rem`} onKeyDown=${pressed}>
          <div role="row" class="tr head" aria-rowindex="1">
            ${columns.map((column, index) => html`<${Head} key=${column.key} column=${column} wide=${wide(column, index)} order=${order.value} onSort=${() => sortBy(column)} />`)}
          </div>
          <div role="rowgroup" class="table-body" style=${pageSize ? '' : `height: ${shownRows.length * rowPx}px`}>${lines}</div>
          ${shownRows.length === 0 && html`<p class="state faint">${t('table.no_match')}</p>`}
        </div>
        ${pageSize && pages > 1 && html`
          <nav class="pager" aria-label=${t('table.page', { page: at + 1, pages })}>
            <button aria-label=${t('table.previous')} disabled=${at === 0} onClick=${() => { page.value = at - 1; }}>‹</button>
            <span>${t('table.page', { page: at + 1, pages })}</span>
            <button aria-label=${t('table.next')} disabled=${at === pages - 1} onClick=${() => { page.value = at + 1; }}>›</button>
          </nav>`}`}
    </div>`;
}

/** @param {{column: Column<any>, wide: boolean, order: {key: string, descending: boolean}|null, onSort: () => void}} props */
function Head({ column, wide, order, onSort }) {
  const mine = order?.key === column.key ? order : null;
  const classes = `td ${column.align === 'end' ? 'end' : ''} ${wide ? 'wide-only' : ''}`;
  const sort = mine ? (mine.descending ? 'descending' : 'ascending') : 'none';
  if (column.sort === false) return html`<div role="columnheader" class=${classes}>${column.label}</div>`;
  return html`
    <div role="columnheader" class=${classes} aria-sort=${sort}>
      <button class="sort" title=${t('table.unsorted')} onClick=${onSort}>${column.label}<span class="sort-sign" aria-hidden="true">${mine ? (mine.descending ? '▼' : '▲') : ''}</span></button>
    </div>`;
}

/** @param {{column: Column<any>, values: () => string[], value: string, onValue: (value: string) => void}} props */
function Filter({ column, values, value, onValue }) {
  const label = t('table.filter', { column: column.label });
  if (column.filter === 'text') {
    return html`<input type="search" class="table-filter" aria-label=${label} placeholder=${column.label} value=${value} onInput=${(/** @type {any} */ event) => onValue(event.target.value)} />`;
  }
  return html`
    <select class="table-filter" aria-label=${label} value=${value} onChange=${(/** @type {any} */ event) => onValue(event.target.value)}>
      <option value="" selected=${value === ''}>${column.label}: ${t('table.all')}</option>
      ${values().map((one) => html`<option key=${one} value=${one} selected=${one === value}>${one}</option>`)}
    </select>`;
}

/** @param {import('../rows.js').Value} value */
function shown(value) {
  if (value === null || value === undefined || value === '') return '–';
  return typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 2 }) : String(value);
}

const grouped = (/** @type {number} */ n) => n.toLocaleString('en');

/** @template R @param {readonly R[]} rows @param {Column<R>[]} columns @param {string} spoken */
function derived(rows, columns, spoken) {
  /** @template T @param {(column: Column<R>) => T} make @returns {(column: Column<R>) => T} */
  const once = (make) => {
    /** @type {Map<string, any>} */
    const made = new Map();
    return (column) => {
      if (!made.has(column.key)) made.set(column.key, make(column));
      return made.get(column.key);
    };
  };
  const values = once((column) => rows.map((row) => column.value(row)));
  return {
    values,
    ranks: once((column) => ranks(values(column), spoken)),
    texts: once((column) => values(column).map(folded)),
    choices: once((column) => [...new Set(values(column).map((value) => String(value ?? '')))].filter(Boolean)
      .sort(new Intl.Collator(spoken, { numeric: true }).compare).slice(0, MOST_CHOICES)),
  };
}

/** @template R @param {{columns: Column<R>[], rows: readonly R[], shownRows: Uint32Array, name: string, provenance?: import('../provenance.js').Provenance}} what */
function saveCsv({ columns, rows, shownRows, name, provenance }) {
  const written = columns.filter((column) => column.csv !== false);
  const origin = provenance ? MARKS[provenance] : '';
  const head = written.map((column) => column.label);
  if (origin) head.push(t('table.provenance'));
  function* lines() {
    for (const index of shownRows) {
      const line = written.map((column) => (column.csv ? column.csv(rows[index]) : column.value(rows[index])));
      if (origin) line.push(origin);
      yield line;
    }
  }
  const mark = provenance === 'simulated' ? '-SIMULATED' : provenance === 'modelled' ? '-MODELLED' : '';
  download(`${name}${mark}.csv`, new Blob([csvText(head, lines())], { type: 'text/csv;charset=utf-8' }));
}
