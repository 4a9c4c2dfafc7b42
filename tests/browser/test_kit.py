"""What every page is made with."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.database]

REPEATED = """async () => {
  const { put, post, get } = await import('/static/js/kit/api.js');
  const keys = [];
  const answers = ['lost', 503, 200, 200, 'lost', 412, 'lost', 200];
  window.fetch = async (path, { headers }) => {
    keys.push(headers['Idempotency-Key'] ?? null);
    const answer = answers.shift() ?? 200;
    if (answer === 'lost') throw new TypeError('lost');
    return new Response('{}', { status: answer });
  };
  const quietly = (promise) => promise.catch(() => null);
  for (let n = 0; n < 4; n += 1) await quietly(put('/a', { diverting: true }));
  for (let n = 0; n < 2; n += 1) await quietly(post('/b', {}));
  await quietly(post('/b', {}));
  await quietly(post('/b', { other: true }));
  await get('/c');
  await post('/d', {}, { key: 'my own key' });
  return keys;
}"""


def test_a_change_without_an_answer_is_repeated_under_its_key(open_page):
    watched = open_page()
    watched.page.goto("/login")
    keys = watched.page.evaluate(REPEATED)
    lost, busy, done, anew, lost_b, stale_b, again_b, other_b, read, own = keys
    assert lost == busy == done
    assert anew != done  # answered: the next one is meant anew
    assert lost_b == stale_b  # a refusal is an answer
    assert len({done, anew, stale_b, again_b, other_b}) == 5
    assert (read, own) == (None, "my own key")


FOLLOWED = """async () => {
  const streams = [];
  window.SharedWorker = undefined;
  window.EventSource = class extends EventTarget {
    constructor(address) { super(); this.address = address; streams.push(this); }
    close() { this.closed = true; }
  };
  const job = (state, done) => ({ job_id: 7, city_id: 3, state, done });
  let asked = 0;
  let answer = job('running', 1);
  window.fetch = async () => { asked += 1; return new Response(JSON.stringify(answer)); };
  const seconds = (n) => new Promise((go) => setTimeout(go, n * 1000));
  const told = (jobs) => streams.at(-1).dispatchEvent(
    new MessageEvent('jobs', { data: JSON.stringify({ jobs }) }));
  const { followJob } = await import('/static/js/kit/parts/jobs.js');
  const seen = [];
  followJob(7, { live: true, onJob: (one) => seen.push([one.state, one.done]) });
  await seconds(0.2);
  streams[0].onopen();
  await seconds(0.2);
  const before = asked;
  await seconds(2.5);
  const while_open = asked - before;
  told([{ ...job('done', 9), job_id: 8 }, job('running', 2)]);
  answer = job('running', 3);
  streams[0].onerror();
  await seconds(1.5);
  const while_away = asked - before - while_open;
  told([job('done', 4)]);
  const after = asked;
  await seconds(1.5);
  const { address } = streams[0];
  const { closed } = streams.at(-1);
  return { seen, while_open, while_away, after: asked - after, address, closed };
}"""


def test_a_job_is_followed_by_the_stream_and_by_asking_without_it(open_page):
    page = open_page().page
    page.goto("/login")
    found = page.evaluate(FOLLOWED)
    assert found["address"] == "/v1/stream?city_id=3"
    assert found["while_open"] == 0
    assert found["while_away"] >= 2
    assert found["after"] == 0
    assert found["closed"]
    changes = [one for n, one in enumerate(found["seen"]) if not n or one != found["seen"][n - 1]]
    assert changes == [["running", 1], ["running", 2], ["running", 3], ["done", 4]]
