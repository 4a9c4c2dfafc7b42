// Writes down, inside the page, what hands did and what the page then asked the server to change.
// A mark is made by what stands in the page when a key or a click comes, not by the page's own code.
(() => {
  if (window.monkeyLog) return;
  const log = { presses: [], writes: [], typed: {}, shown: {} };
  window.monkeyLog = log;
  let typedAt = -1e9;

  const shownId = () => {
    const state = window.goldenhour?.store.state;
    return state ? state.incidentId ?? state.draftKey : null;
  };
  const press = (means, what) => log.presses.push({ means, what, incident: shownId(), at: performance.now() });
  const field = (target) => target instanceof Element && Boolean(target.closest('input, textarea, select, dialog, [contenteditable]'));
  // Monkeys change keys in the help, as anybody may.
  const OWN = { new_call: 'F2', send: 'F9', undo: 'Alt+Z', link: 'Alt+L', divert: 'Alt+D', divert_yes: 'Alt+V', 'new_call.single': 'n', 'divert.single': 'd', 'divert_yes.single': 'v' };
  const keyOf = (command) => {
    const changed = (localStorage.getItem('goldenhour.keys') ?? '').split(' ').find((one) => one.startsWith(`${command}=`));
    return changed ? changed.slice(command.length + 1) : OWN[command];
  };
  const chord = ({ altKey, ctrlKey, shiftKey, key, code }) => {
    const plain = /^F\d+$/.test(key) ? key : /^(?:Key|Digit)(.)$/.exec(code)?.[1];
    return `${ctrlKey ? 'Ctrl+' : ''}${altKey ? 'Alt+' : ''}${shiftKey ? 'Shift+' : ''}${plain}`;
  };
  const chosen = () => Boolean(document.querySelector('.candidate.chosen'));

  addEventListener('keydown', (event) => {
    if (!event.isTrusted || event.repeat) return;
    const { target, key } = event;
    const single = !event.ctrlKey && !event.altKey && !event.metaKey && !field(target)
      && target instanceof Element && Boolean(target.closest('#queue, #map, .recommend'))
      && performance.now() - typedAt >= 1000;
    const command = target instanceof Element && target.matches('#command-input') && key === 'Enter' ? target.value.trim() : '';
    const keys = chord(event);
    if (keys === keyOf('send') && chosen()) press('dispatch', keys);
    if (key === 'Enter' && single && chosen() && !target.closest('button:not(.queue-row[aria-current="true"]), a, summary')) press('dispatch', 'Enter');
    if (/^d\s/i.test(command)) press('dispatch', command);
    if (((single && key === keyOf('divert.single')) || keys === keyOf('divert')) && chosen()) press('ask', key);
    if (keys === keyOf('new_call') || (single && key === keyOf('new_call.single')) || /^c(\s|$)/i.test(command)) press('call', key);
    if (keys === keyOf('undo')) press('undo', keys);
    if (keys === keyOf('link')) press('link', keys);
    if (keys === keyOf('divert_yes') || (single && key === keyOf('divert_yes.single'))) press('answer', key);
    if (field(target) && (key.length === 1 || key === 'Backspace')) typedAt = performance.now();
  }, true);

  // Hands that leave the page or the desk are another matter: links, other pages, other windows, signing out.
  const AWAY = 'a[href], #topbar select, [data-testid="sign-out"], [data-testid^="window"]';
  for (const kind of ['click', 'change', 'input']) {
    addEventListener(kind, (event) => {
      if (!(event.target instanceof Element) || !event.target.closest(AWAY)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);
  }

  const BUTTONS = [
    ['dispatch-button', 'dispatch'], ['dispatch-button', 'ask'], ['new-call', 'call'], ['close-incident', 'close'],
    ['cancel-incident', 'cancel'], ['reopen-incident', 'reopen'], ['take-over', 'take-over'], ['undo', 'undo'],
    ['similar-link', 'link'], ['merge-no', 'link'], ['merge-yes', 'merge'], ['linked-undo', 'unlink'],
    ['offer-yes', 'answer'], ['offer-no', 'answer'],
  ];
  addEventListener('click', (event) => {
    if (!event.isTrusted || !(event.target instanceof Element)) return;
    const button = event.target.closest('button');
    const id = button?.dataset.testid ?? '';
    for (const [testid, means] of BUTTONS) if (id === testid) press(means, id);
    if (id.startsWith('stamp-')) press('stamp', id);
  }, true);

  const KEPT = { 'call-words': 'words', 'remark-text': 'remark', 'cancel-reason': 'reason' };
  addEventListener('input', (event) => {
    const kind = KEPT[event.target?.dataset?.testid];
    const incident = shownId();
    if (event.isTrusted && kind && incident) log.typed[`${incident} ${kind}`] = event.target.value;
  }, true);

  const MEANING = [
    [/^POST .*\/assignments$/, 'dispatch'], [/^POST .*\/stamps$/, 'stamp'], [/^POST \/v1\/calls$/, 'call'],
    [/^POST .*\/close$/, 'close'], [/^POST .*\/cancel$/, 'cancel'], [/^POST .*\/reopen$/, 'reopen'],
    [/^POST .*\/take-over$/, 'take-over'], [/^POST .*\/undo-(end|stamp)$/, 'undo'], [/^POST .*\/duplicate$/, 'link'],
    [/^POST .*\/merge$/, 'merge'], [/^POST .*\/duplicate\/undo$/, 'unlink'], [/^POST .*\/diversions$/, 'ask'],
    [/^POST .*\/diversions\/.*\/answer$/, 'answer'], [/^POST .*\/remarks$/, 'remark'],
  ];
  const plainFetch = window.fetch;
  window.fetch = async (path, options = {}) => {
    const method = options.method ?? 'GET';
    const meant = MEANING.find(([pattern]) => pattern.test(`${method} ${String(path).split('?')[0]}`));
    if (!meant) return plainFetch(path, options);
    const write = { means: meant[1], path: String(path), body: options.body ?? '', key: options.headers?.['Idempotency-Key'] ?? '', at: performance.now(), status: 0, answer: null };
    log.writes.push(write);
    const answer = await plainFetch(path, options);
    write.status = answer.status;
    write.answer = await answer.clone().json().catch(() => null);
    return answer;
  };
})();
