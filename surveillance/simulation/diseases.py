"""Seasonal diseases of the simulated cities.

Levels and seasons are of the right order for a city in southern China, stated here and fitted to
nothing: they are to be looked at and detected in, not cited.
"""

from surveillance.simulation.model import SeasonalDisease

AGE_BOUNDS = (0, 5, 15, 40, 65, 95)
"""Bounds in years of the five age groups; within one every age is as likely."""

DISEASES = (
    SeasonalDisease(
        code="influenza", rate_per_1e5=300, peak_day=20, swing=1.2, spread=1.6,
        ages=(0.22, 0.38, 0.22, 0.12, 0.06), delay_days=1.5,
    ),
    SeasonalDisease(
        code="hand_foot_mouth", rate_per_1e5=180, peak_day=150, swing=1.1, spread=1.5,
        ages=(0.86, 0.13, 0.01, 0.0, 0.0), delay_days=1.5,
    ),
    SeasonalDisease(
        code="infectious_diarrhoea", rate_per_1e5=110, peak_day=340, swing=0.6, spread=1.3,
        ages=(0.48, 0.08, 0.22, 0.14, 0.08), delay_days=2.0,
    ),
    SeasonalDisease(
        code="mumps", rate_per_1e5=16, peak_day=160, swing=0.5, spread=1.2,
        ages=(0.25, 0.6, 0.12, 0.02, 0.01), delay_days=2.5,
    ),
    SeasonalDisease(
        code="scarlet_fever", rate_per_1e5=6, peak_day=140, swing=0.7, spread=1.1,
        ages=(0.45, 0.53, 0.02, 0.0, 0.0), delay_days=2.0,
    ),
    SeasonalDisease(
        code="dengue", rate_per_1e5=3, peak_day=275, swing=1.8, spread=1.4,
        ages=(0.03, 0.09, 0.46, 0.32, 0.1), delay_days=3.0,
    ),
    SeasonalDisease(
        code="hepatitis_a", rate_per_1e5=1.2, peak_day=90, swing=0.3, spread=1.0,
        ages=(0.05, 0.1, 0.35, 0.35, 0.15), delay_days=5.0,
    ),
    SeasonalDisease(
        code="dysentery", rate_per_1e5=5, peak_day=210, swing=0.8, spread=1.1,
        ages=(0.5, 0.1, 0.18, 0.13, 0.09), delay_days=2.0,
    ),
    SeasonalDisease(
        code="typhoid", rate_per_1e5=1, peak_day=220, swing=0.5, spread=1.0,
        ages=(0.2, 0.15, 0.35, 0.2, 0.1), delay_days=5.0,
    ),
    SeasonalDisease(
        code="chickenpox", rate_per_1e5=60, peak_day=350, swing=0.5, spread=1.3,
        ages=(0.25, 0.55, 0.17, 0.02, 0.01), delay_days=2.0,
    ),
)  # fmt: skip
