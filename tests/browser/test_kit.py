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
