"""HSU's own kinds of business, so that the first form already offers them; the kabupaten may add others."""

from django.db import migrations

NAMES = (
    "Bordir", "Itik Alabio", "Telur itik", "Telur asin", "Ayam dan telur ayam", "Kerupuk", "Kue kering",
    "Wadai (kue basah)", "Warung", "Anyaman purun", "Anyaman eceng gondok", "Sasirangan", "Lampit rotan",
    "Ikan kering dan wadi", "Perikanan rawa", "Pertanian rawa", "Menjahit", "Lainnya",
)


def add_categories(apps, schema_editor):
    category = apps.get_model("enterprises", "Category")
    category.objects.bulk_create([category(name=name) for name in NAMES])


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0001_initial")]
    operations = [migrations.RunPython(add_categories, migrations.RunPython.noop)]
