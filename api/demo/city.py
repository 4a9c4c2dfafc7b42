"""What the simulated day is made of: when calls come, what they are about, how long things take.

Pure: functions of a random generator and of data. Durations are seconds of the simulated city.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

COMPLAINT_SHARE = {
    "2301009": 0.02, "2301013": 0.03, "2301021": 0.11, "2301011": 0.10, "2301067": 0.07,
    "2301069": 0.10, "2301077": 0.12, "2301033": 0.14, "2301061": 0.13, "2301001": 0.07,
    "2301081": 0.06, "2301025": 0.03, "2301053": 0.02,
}  # fmt: skip
"""Rough shares of common complaints (NEMSIS eDispatch.01 codes) for a lively demonstration. They
are this project's choice, not a statistic; codes the protocol does not hold are left out."""

CALL_WORDS = (
    ("老人在家摔倒，腿动不了", "An old man fell at home and cannot move his leg"),
    ("路口两车相撞，有人受伤", "Two cars collided at the crossing, someone is hurt"),
    ("突然胸口很痛，出冷汗", "Sudden chest pain and cold sweat"),
    ("喘不上气，说不了整句话", "Cannot get air, cannot finish a sentence"),
    ("有人晕倒在路边", "Somebody collapsed by the road"),
)

DELAYS_S = {
    # Log-normal: median seconds and sigma of the logarithm.
    "locate": (12.0, 0.4),
    "triage": (25.0, 0.4),
    "dispatch": (15.0, 0.4),
    "acknowledged": (8.0, 0.4),
    "en_route": (50.0, 0.3),
    "at_patient": (60.0, 0.4),
    "left_scene": (720.0, 0.4),
    "no_transport": (900.0, 0.4),
    "transferred": (600.0, 0.4),
    "available": (300.0, 0.3),
    "close": (20.0, 0.3),
}
TRANSPORT_PROBABILITY = 0.8

_CALM_YES = {"conscious", "speaks", "airway_clear", "seen"}
_CALM_ANSWERS = {
    "breathing": "normal", "body_part": "limb", "burn_size": "small", "age_band": "adult",
    "fall_height": "low", "onset": "longer",
}  # fmt: skip
_CALM_SHARE = 0.82
"""Most callers describe somebody who is awake and breathing."""


def calls_due(generator: Generator, *, calls_per_hour: float, elapsed_s: float) -> int:
    """Return how many calls came within `elapsed_s` simulated seconds (a Poisson process)."""
    return int(generator.poisson(calls_per_hour * elapsed_s / 3600.0))


def delay_s(generator: Generator, step: str) -> float:
    """Return how long a step takes this time, simulated seconds."""
    median_s, sigma = DELAYS_S[step]
    return float(median_s * np.exp(sigma * generator.standard_normal()))


def choose_complaint(
    generator: Generator, complaints: Sequence[dict[str, Any]]
) -> tuple[str, dict[str, str]]:
    """Return a complaint's code and an answer to each of its questions."""
    weights = np.array([COMPLAINT_SHARE.get(complaint["code"], 0.004) for complaint in complaints])
    chosen = complaints[int(generator.choice(len(complaints), p=weights / weights.sum()))]
    answers = {}
    for question in chosen["questions"]:
        options = [option["id"] for option in question["options"] if option["id"] != "unknown"]
        calm = _CALM_ANSWERS.get(question["id"], "yes" if question["id"] in _CALM_YES else "no")
        is_calm = calm in options and generator.random() < _CALM_SHARE
        answers[question["id"]] = calm if is_calm else str(generator.choice(options))
    return chosen["code"], answers


@dataclass(slots=True)
class Journey:
    """A unit on its way along a route.

    coords : (m, 2) float64 longitude, latitude; share : (m,) float64 of the way behind each vertex
    """

    coords: NDArray[np.float64]
    share: NDArray[np.float64]
    travel_time_s: float
    driven_s: float = 0.0

    @classmethod
    def along(cls, coords: Sequence[Sequence[float]], travel_time_s: float) -> "Journey":
        """Make a journey along a GeoJSON line, at even speed, in `travel_time_s`."""
        points = np.asarray(coords, np.float64)
        scale = np.array([np.cos(np.radians(points[:, 1].mean())), 1.0])
        lengths = np.hypot(*(np.diff(points, axis=0) * scale).T)
        way = np.concatenate(([0.0], np.cumsum(lengths)))
        share = way / way[-1] if way[-1] > 0 else np.linspace(0.0, 1.0, len(points))
        return cls(points, share, max(travel_time_s, 1.0))

    def drive(self, seconds: float) -> None:
        """Move on by `seconds`, at most to the end."""
        self.driven_s = min(self.driven_s + seconds, self.travel_time_s)

    @property
    def arrived(self) -> bool:
        """Return whether the end is reached."""
        return self.driven_s >= self.travel_time_s

    def place(self) -> tuple[float, float, float]:
        """Return longitude, latitude and heading (degrees clockwise from north) now."""
        done = self.driven_s / self.travel_time_s
        lon = float(np.interp(done, self.share, self.coords[:, 0]))
        lat = float(np.interp(done, self.share, self.coords[:, 1]))
        last = len(self.share) - 1
        row = min(max(int(np.searchsorted(self.share, done, side="right")), 1), last)
        east, north = self.coords[row] - self.coords[row - 1]
        heading = float(np.degrees(np.arctan2(east * np.cos(np.radians(lat)), north)) % 360.0)
        return lon, lat, heading

    def speed_kmh(self) -> float:
        """Return the even speed of the whole journey."""
        scale = np.array([np.cos(np.radians(self.coords[:, 1].mean())), 1.0])
        way_deg = np.hypot(*(np.diff(self.coords, axis=0) * scale).T).sum()
        return float(way_deg * 111.195 / (self.travel_time_s / 3600.0))
