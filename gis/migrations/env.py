"""Alembic environment: GeoAlchemy2's helpers, our tables only, partitions left alone."""

from alembic import context
from geoalchemy2 import alembic_helpers

from gis.migrations.filters import include_object
from gis.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    include_object=include_object,
    process_revision_directives=alembic_helpers.writer,
    render_item=alembic_helpers.render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
