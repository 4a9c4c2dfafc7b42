"""What no plan of a covering model can beat: the linear relaxation, solved from its dual side.

max over y of Σ_i w_i f(Σ_j a_ij y_j), f concave and piecewise linear, 0 ≤ y ≤ 1 within a budget, is
a saddle of y and a price μ of each place. It is solved by the primal-dual hybrid gradient with
steps by row and column (A. Chambolle, T. Pock 2011; T. Pock, A. Chambolle 2011) and restarts from
the average (D. Applegate et al. 2021). Any μ gives a bound that holds, however far the search is.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planning.siting.cover_search import Problem
from planning.siting.covers import Cover
from planning.siting.instance import Room
from routing.engine.compiled import compiled

FloatArray = npt.NDArray[np.float64]
LOOK = 40
"""Steps after which the bound of the prices and of their average is reckoned."""


class Turn(NamedTuple):
    """How many steps, and how far prices of places go for each part of a site."""

    steps: int
    omega: float


@compiled
def _knapsack(p: Problem, worth: FloatArray) -> tuple[float, float]:
    """Return the most that whole and broken items are worth within the budget, and its price."""
    left = p.budget
    total = 0.0
    size = worth.size
    ratio = np.empty(size)
    for j in range(size):
        left -= p.price[j] * p.lower[j]
        total += worth[j] * p.lower[j]
        ratio[j] = worth[j] / max(p.price[j], 1e-12) if p.upper[j] > p.lower[j] else -1.0
    for j in np.argsort(-ratio):
        if ratio[j] <= 0.0:
            break
        room = float(p.upper[j] - p.lower[j])
        cost = p.price[j] * room
        if cost > left:
            return total + worth[j] * max(left, 0.0) / p.price[j], ratio[j]
        total += worth[j] * room
        left -= cost
    return total, 0.0


@compiled
def bound_of(p: Problem, mu: FloatArray) -> tuple[float, float]:
    """Return the bound by prices `mu` of places (g,), and what a unit of the budget is worth."""
    worth = np.zeros(p.price.size)
    total = 0.0
    for i in range(p.weight.size):
        most = 0.0
        for k in range(p.table.size):
            most = max(most, p.weight[i] * p.table[k] - mu[i] * k)
        total += most
        for to in range(p.row_start[i], p.row_start[i + 1]):
            worth[p.row_site[to]] += mu[i]
    best, marginal = _knapsack(p, worth)
    return total + best, marginal


@compiled
def _project(p: Problem, moved: FloatArray, step: FloatArray, out: FloatArray) -> None:
    """Put into `out` the nearest point within bounds and budget, distances weighed by 1/step."""
    spent, low, high = 0.0, 0.0, 0.0
    for j in range(moved.size):
        out[j] = min(max(moved[j], p.lower[j]), p.upper[j])
        spent += p.price[j] * out[j]
        if p.price[j] > 0.0 and step[j] > 0.0:
            high = max(high, (moved[j] - p.lower[j]) / (p.price[j] * step[j]))
    if spent <= p.budget:
        return
    for _ in range(50):
        mid = 0.5 * (low + high)
        spent = 0.0
        for j in range(moved.size):
            at = moved[j] - mid * p.price[j] * step[j]
            spent += p.price[j] * min(max(at, p.lower[j]), p.upper[j])
        if spent > p.budget:
            low = mid
        else:
            high = mid
        if high - low <= 1e-12 * high:
            break
    for j in range(moved.size):
        out[j] = min(max(moved[j] - high * p.price[j] * step[j], p.lower[j]), p.upper[j])


@compiled
def _price_places(
    p: Problem, mu: FloatArray, at_row: FloatArray, last_row: FloatArray, omega: float
) -> None:
    """Move the prices of places towards what is reached of them."""
    levels = p.table.size - 1
    for i in range(mu.size):
        w = p.weight[i]
        tau = omega * w / max(p.row_start[i + 1] - p.row_start[i], 1)
        v = mu[i] - tau * (2.0 * at_row[i] - last_row[i])
        # The nearest point under the conjugate of w f, whose slopes are the counts k.
        new, above = v + tau * levels, np.inf
        for k in range(levels):
            corner = w * (p.table[k + 1] - p.table[k])
            if v + tau * k >= corner:
                new = v + tau * k
                break
            above = corner
        mu[i] = max(min(new, above), 0.0)


@compiled
def _reach(p: Problem, y: FloatArray, at_row: FloatArray) -> None:
    for i in range(at_row.size):
        total = 0.0
        for to in range(p.row_start[i], p.row_start[i + 1]):
            total += y[p.row_site[to]]
        at_row[i] = total


@compiled
def _solve(p: Problem, mu: FloatArray, y: FloatArray, best_mu: FloatArray, turn: Turn) -> float:
    """Do `steps` from `mu` and `y` and leave their averages there; returns the best bound.

    `best_mu` takes the prices that give it.
    """
    steps, omega = turn.steps, turn.omega
    mu_sum, y_sum = np.zeros(mu.size), np.zeros(y.size)
    at_row, last_row = np.zeros(mu.size), np.zeros(mu.size)
    step_y, moved = np.zeros(y.size), np.empty(y.size)
    for j in range(y.size):
        total = 0.0
        for at in range(p.site_start[j], p.site_start[j + 1]):
            total += p.weight[p.site_row[at]]
        if total > 0.0:
            step_y[j] = 1.0 / (omega * total)
    _reach(p, y, at_row)
    last_row[:] = at_row
    best, _ = bound_of(p, best_mu)
    for step in range(1, steps + 1):
        _price_places(p, mu, at_row, last_row, omega)
        for j in range(y.size):
            worth = 0.0
            for at in range(p.site_start[j], p.site_start[j + 1]):
                worth += mu[p.site_row[at]]
            moved[j] = y[j] + step_y[j] * worth
        _project(p, moved, step_y, y)
        last_row[:] = at_row
        _reach(p, y, at_row)
        mu_sum += mu
        y_sum += y
        if step % LOOK == 0:
            for tried in (mu, mu_sum / step):
                found, _ = bound_of(p, tried)
                if found < best:
                    best = found
                    best_mu[:] = tried
    mu[:] = mu_sum / steps
    y[:] = y_sum / steps
    return best


class CoverBound:
    """A relaxation that can be asked to go on: the least `bound` so far, and prices of places."""

    def __init__(self, cover: Cover, among: Room, table: FloatArray) -> None:
        self._problem = Problem(
            cover.row_start, cover.row_site, cover.site_start, cover.site_row, cover.weight, table,
            among.price, among.budget, among.lower, among.upper,
        )  # fmt: skip
        self.price_of_place = cover.weight * (table[1] - table[0]) / 2.0
        self._mu = self.price_of_place.copy()
        share = min(1.0, among.budget / max(float(among.price @ among.upper), 1e-12))
        self.taken = np.clip(share * among.upper, among.lower, among.upper)
        self._balance = 1.0
        self.bound = float(bound_of(self._problem, self.price_of_place)[0])

    @property
    def size(self) -> int:
        """The number of pairs of a group of places and a site that reaches it."""
        return int(self._problem.row_site.size)

    @property
    def price_of_budget(self) -> float:
        """What one more unit of the budget is worth."""
        return float(bound_of(self._problem, self.price_of_place)[1])

    def more(self, steps: int) -> bool:
        """Do more steps and restart from their average; tells whether the bound is tighter."""
        before, mu, taken = self.bound, self._mu.copy(), self.taken.copy()
        self.bound = float(
            _solve(
                self._problem,
                self._mu,
                self.taken,
                self.price_of_place,
                Turn(steps, self._balance),
            )
        )
        # The balance of both steps follows how far both moved, as in PDLP.
        weight = np.maximum(self._problem.weight, 1e-12)
        reach = np.diff(self._problem.site_start)
        far_mu = float(np.sqrt(((self._mu - mu) ** 2 / weight).sum()))
        far_y = float(np.sqrt(((self.taken - taken) ** 2 * reach).sum() * weight.mean()))
        if far_mu > 1e-12 and far_y > 1e-12:
            balance = np.sqrt(far_mu / far_y * self._balance)
            self._balance = float(np.clip(balance, 0.03, 30.0))
        return self.bound < before
