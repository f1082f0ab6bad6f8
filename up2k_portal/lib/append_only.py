"""Rows that are written once: what was wrong is answered by a new row, never altered. For models that are a record."""

from django.db import models

from up2k_portal.lib.access import ScopedQuerySet


class AppendOnlyQuerySet(ScopedQuerySet):
    def update(self, **kwargs):
        raise self.model.refusal("diubah")

    def delete(self):
        raise self.model.refusal("dihapus")


class AppendOnlyModel(models.Model):
    """`row_words` call the row, `instead` says what to do; both are read by whoever tries (a developer)."""

    row_words = "Baris ini"
    instead = "catat baris baru"

    class Meta:
        abstract = True

    @classmethod
    def refusal(cls, act: str) -> TypeError:
        return TypeError(f"{cls.row_words} tidak dapat {act}: {cls.instead}.")

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise self.refusal("diubah")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise self.refusal("dihapus")
