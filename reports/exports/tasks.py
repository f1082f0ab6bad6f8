"""What the worker does in the background."""

from django_tasks import task

from reports.exports import services


@task()
def make_export(pk: int) -> None:
    """Makes one export; what has expired goes first, so that the disk has room."""
    services.clean_up()
    services.make(pk)
