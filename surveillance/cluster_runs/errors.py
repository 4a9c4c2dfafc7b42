"""What can be wrong with a run of clusters or with what is asked of one."""

from datetime import date
from uuid import UUID

from gis.errors import InvalidInputError, NotFoundError


class ClusterNotFoundError(NotFoundError):
    """No such cluster, or not for this viewer."""

    code = "cluster_not_found"

    def __init__(self, cluster_id: UUID) -> None:
        super().__init__(f"There is no cluster {cluster_id} within your areas.")


class ClustersOutOfOrderError(InvalidInputError):
    """A later day has been scanned already."""

    code = "clusters_out_of_order"

    def __init__(self, day: date, newest: date) -> None:
        super().__init__(
            f"{day} cannot be stored: clusters up to {newest} are found, and follow the days. Look "
            "at it without storing it: goldenhour surveillance scan --city KEY --day DAY."
        )
