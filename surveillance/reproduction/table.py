"""Serial intervals by disease, each with its source: what a reproduction number assumes."""

from collections.abc import Mapping
from dataclasses import dataclass

from gis.words import Words, alike

CORI = alike("Cori et al., Am. J. Epidemiol. 178 (2013) 1505-1512")
VINK = alike("Vink et al., Am. J. Epidemiol. 180 (2014) 865-875")
NISHIURA = alike("Nishiura et al., Int. J. Infect. Dis. 93 (2020) 284-286")
ALDSTADT = Words(
    en="Aldstadt et al., Trop. Med. Int. Health 17 (2012) 1076-1085: 15 to 17 days, by way of "
    "mosquitoes; longer where it is cooler",
    zh="Aldstadt等，Trop. Med. Int. Health 17 (2012) 1076-1085：经蚊传播15至17天；气温较低时更长",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialInterval:
    """Days between a case and those it infected; spread_assumed: the source names the mean only."""

    mean_days: float
    sd_days: float
    source: Words
    spread_assumed: bool = False


def _of_mean(mean_days: float, source: Words) -> SerialInterval:
    return SerialInterval(
        mean_days=mean_days, sd_days=mean_days / 4, source=source, spread_assumed=True
    )


_INFLUENZA = SerialInterval(mean_days=2.6, sd_days=1.5, source=CORI)
SERIAL_INTERVALS: Mapping[str, SerialInterval] = {
    "influenza": _INFLUENZA,
    "influenza_h1n1_2009": _INFLUENZA,
    "influenza_like_illness": _INFLUENZA,
    "measles": SerialInterval(mean_days=14.9, sd_days=3.9, source=CORI),
    "sars": SerialInterval(mean_days=8.4, sd_days=3.8, source=CORI),
    "covid_19": SerialInterval(mean_days=4.7, sd_days=2.9, source=NISHIURA),
    "chickenpox": _of_mean(14.0, VINK),
    "mumps": _of_mean(18.0, VINK),
    "rubella": _of_mean(18.3, VINK),
    "pertussis": _of_mean(22.8, VINK),
    "dengue": _of_mean(16.0, ALDSTADT),
}
"""A disease that is not in it has no reproduction number: nobody's is taken for another's."""
