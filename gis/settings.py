"""Settings, read once by the door and handed down. Environment names begin with GOLDENHOUR_."""

import hashlib
import ipaddress
import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Purpose = Literal["live", "simulation"]

PROJECT_FOLDER = Path(__file__).resolve().parent.parent


def default_state_folder() -> Path:
    """Return the folder of the private cluster, keys and caches: one per checkout.

    Root uses /var/lib/goldenhour, others $XDG_STATE_HOME/goldenhour; below it a folder named
    after a hash of the checkout's path, so that two checkouts never share a cluster.
    """
    if os.geteuid() == 0:
        base = Path("/var/lib/goldenhour")
    else:
        state_home = os.environ.get("XDG_STATE_HOME")
        base = (Path(state_home) if state_home else Path.home() / ".local/state") / "goldenhour"
    key = hashlib.sha256(str(PROJECT_FOLDER).encode()).hexdigest()[:8]
    return base / key


class Settings(BaseSettings):
    """Everything that can be set from outside. Documented in docs/reference/settings.md."""

    model_config = SettingsConfigDict(env_prefix="GOLDENHOUR_", frozen=True, extra="ignore")

    database_url: SecretStr | None = Field(
        None, description="Use this PostgreSQL (never initialised over) instead of a private one."
    )
    state_folder: Path = Field(
        default_factory=default_state_folder,
        description="Private cluster, signing key, graph caches, backups.",
    )
    purpose: Purpose = Field(
        "live", description="What a newly made database is for: live or simulation."
    )
    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(
        8911, ge=0, le=65535, description="Port the server listens on; 0 takes a free one."
    )
    processes: int = Field(1, ge=1, le=64, description="Number of API processes.")
    tls_cert: Path | None = Field(None, description="TLS certificate (PEM) to serve HTTPS with.")
    tls_key: Path | None = Field(None, description="Private key (PEM) of the TLS certificate.")
    trusted_proxies: str = Field(
        "",
        description="Addresses or networks of reverse proxies, separated by commas, whose "
        "`X-Forwarded-For` is believed: failed logins and citizens' reports are counted under the "
        "address it names. Empty: no such header is read, and all behind a proxy count as one.",
    )
    session_hours: float = Field(12.0, gt=0, description="How long a login lasts.")
    pool_size: int = Field(10, ge=1, description="Database connections per process.")
    heavy_places: int = Field(
        1,
        ge=1,
        description="Matrices, isochrones and reports that one process computes at once, and half "
        "the map tiles; more of them wait, a few, and further ones are refused for now.",
    )
    access_log: bool = Field(
        False, description="Write one line for each request, without bodies or queries, to stderr."
    )
    jurisdictions_file: Path | None = Field(
        None,
        description="YAML file of road rules laid over the built-in ones of each jurisdiction.",
    )
    emergency_numbers_file: Path | None = Field(
        None,
        description="YAML file of emergency numbers by country, each with its source, laid over "
        "the built-in ones of the AED page.",
    )
    position_retention_days: int = Field(
        30, ge=1, description="Days of vehicle positions kept; older partitions are dropped."
    )
    aml_hmac_key: SecretStr | None = Field(
        None,
        description="Key by which location messages of phones by HTTPS are signed (their field "
        "`hmac`, ETSI TS 103 625); without one only the gateway's token counts.",
    )
    diversion_answer_s: float = Field(
        30.0,
        gt=0,
        description="Seconds a crew has to answer when it is asked to leave its call for a more "
        "urgent one; then the next unit is asked.",
    )
    surveillance_alarms_a_day: int = Field(
        20,
        ge=1,
        description="Signals a day that disease control can verify; the weightiest are "
        "told, and what a rule raises always.",
    )
    surveillance_false_share: float = Field(
        0.1,
        gt=0,
        lt=1,
        description="Share of raised signals that may be false, over all series of a day.",
    )
    surveillance_least_cases: int = Field(
        3,
        ge=1,
        description="Cases in seven days below which no series is raised but by a rule.",
    )
    dask_scheduler: str | None = Field(
        None,
        description="Address of a Dask scheduler (tcp://host:port) over which null data sets of "
        "scans and bootstraps of planning studies are shared out; the numbers are the same "
        "without. Needs the extra `dask`.",
    )
    surveillance_cluster_replicates: int = Field(
        999,
        ge=99,
        le=99_999,
        description="Null data sets of each scan for clusters; the smallest p is one by one more.",
    )
    surveillance_cluster_recurrence_days: float = Field(
        100.0,
        ge=1,
        description="A cluster is told if by chance one as strong is due at most once in so many "
        "days.",
    )
    dispatch_policy: Literal["closest", "closest_by_category", "coverage_aware", "dmexclp"] = Field(
        "closest",
        description="What counts besides time in the order of units: nothing (closest), levels "
        "beyond the need of a C3 or C4 (closest_by_category), coverage lost in seconds "
        "(coverage_aware), the least coverage lost of those in time (dmexclp). A C1, and a call "
        "not coded yet, always goes by time alone.",
    )
    send_stop_c1_s: float = Field(
        60.0,
        ge=0,
        description="Seconds that a unit chosen for a C1 may lose against the best one between "
        "list and press before the dispatch is stopped and says who is faster.",
    )
    send_stop_c2_s: float = Field(
        120.0,
        ge=0,
        description="Seconds that a unit chosen for a C2 may lose against the best one between "
        "list and press before the dispatch is stopped and says who is faster.",
    )
    send_stop_c3_s: float = Field(
        300.0,
        ge=0,
        description="Seconds that a unit chosen for a C3 may lose against the best one between "
        "list and press before the dispatch is stopped and says who is faster.",
    )
    send_stop_c4_s: float = Field(
        600.0,
        ge=0,
        description="Seconds that a unit chosen for a C4 may lose against the best one between "
        "list and press before the dispatch is stopped and says who is faster.",
    )
    learn_speeds: bool = Field(
        True, description="Learn road speeds from vehicle positions every night (live only)."
    )
    learn_speeds_hour: int = Field(
        3,
        ge=0,
        le=23,
        description="Hour, by each city's clock, up to which a night's learning counts positions. "
        "It begins half an hour later.",
    )
    sequencer_interval_s: float = Field(
        0.03, gt=0, description="Pause between two looks of the sequencer into the outbox."
    )

    heavy_memory_mib: int = Field(
        8192, ge=512, description="Address space of the process of one heavy job, MiB."
    )
    heavy_processes: int = Field(
        2, ge=1, le=64, description="Number of heavy jobs at work at the same time."
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for part in filter(None, value.split(",")):
            ipaddress.ip_network(part.strip())
        return value

    @property
    def graph_cache_folder(self) -> Path:
        """Return the folder of the memory-mapped road graphs of this purpose's database."""
        return self.state_folder / "graphs" / self.purpose


def load_settings() -> Settings:
    """Read the settings from the environment."""
    return Settings()
