"""Write mem.csv and heat.csv: what other programs in Python say. Run in this folder.

Needs epimem 0.2.0 (a port of the mem package for R, whose numbers its tests hold), metpy 1.7 and
thermofeel 2.3; none of them is a dependency of the project.
"""

import csv
from pathlib import Path

import epimem
import numpy as np
import thermofeel
from metpy.calc import heat_index
from metpy.units import units

with Path("weekly.csv").open(encoding="utf-8", newline="") as lines:
    weeks = list(csv.DictReader(lines))
with Path("mem.csv").open("w", encoding="utf-8", newline="") as lines:
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(("series", "seasons", "onset", "end", "medium", "high", "very_high", "lengths"))
    for name in weeks[0]:
        if name in {"index", "week_from", "none"}:
            continue
        seasons = np.array([float(row[name]) for row in weeks]).reshape(8, 52)
        for count in (5, 8):
            model = epimem.mem_model(seasons[:count].T)
            table.writerow((
                name, count, model.epidemic_onset, model.post_epidemic, model.medium, model.high,
                model.very_high, " ".join(str(one) for one in model.epidemic_durations),
            ))  # fmt: skip

with Path("heat.csv").open("w", encoding="utf-8", newline="") as lines:
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(("celsius", "humidity", "heat_index", "wbgt"))
    for celsius in range(15, 48, 2):
        for humidity in (5, 10, 25, 40, 60, 80, 88, 95, 100):
            if celsius == 27 and humidity < 13:
                # metpy takes the correction for dry air off the simple formula too; the Weather
                # Service's calculator, as its pages describe it, off the regression alone.
                continue
            felt = heat_index(
                celsius * units.degC, humidity * units.percent, mask_undefined=False
            ).to("degC")
            globe = thermofeel.calculate_wbgt_simple(
                np.array([celsius + 273.15]), np.array([float(humidity)])
            )
            table.writerow((celsius, humidity, np.ravel(felt.m)[0], np.ravel(globe)[0] - 273.15))
