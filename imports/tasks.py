"""What the worker does in the background: reading and saving workbooks that take longer than a page may."""

import logging

from django.core.exceptions import ValidationError
from django_tasks import task

from imports import services
from imports.models import Import
from up2k_portal.lib.dates import today

logger = logging.getLogger(__name__)
State = Import.State


@task()
def check_import(pk: int) -> None:
    """Reads a workbook with the access that its sender has now; what is wrong with it stands in the import."""
    services.clean_up()
    imported = Import.objects.filter(pk=pk, state=State.WAITING).select_related("sent_by", "village__district").first()
    if imported is None:
        return
    try:
        services.check(imported, access=imported.sent_by.access_on(today()))
    except ValidationError:
        pass  # told in the import
    except Exception:
        logger.exception("Import %s could not be read.", pk)


@task()
def save_import(pk: int) -> None:
    imported = Import.objects.filter(pk=pk, state=State.QUEUED).select_related("saved_by", "village__district").first()
    if imported is None:
        return
    try:
        services.save(imported, access=imported.saved_by.access_on(today()))
    except ValidationError:
        pass  # told in the import
    except Exception:
        logger.exception("Import %s could not be saved.", pk)
        Import.objects.filter(pk=pk).update(state=State.CUT, problem=services.BROKEN)
