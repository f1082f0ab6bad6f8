"""Tests marked `system` need programs of the machine.

They skip, unless UP2K_SYSTEM=1 says that all is there. Then nothing may skip: no such test, and no whole file
while it is collected.
"""

import os

import pytest

DEMANDED = os.environ.get("UP2K_SYSTEM") == "1"


def pytest_collection_modifyitems(items):
    if DEMANDED:
        return
    skip = pytest.mark.skip(reason="needs programs of the machine: UP2K_SYSTEM=1 after ./up2k setup browser")
    for item in items:
        if "system" in item.keywords:
            item.add_marker(skip)


def refuse_skip(report):
    """Turn a skip into a failure that keeps its reason."""
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"May not skip with UP2K_SYSTEM=1: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    return refuse_skip(report) if DEMANDED and "system" in item.keywords else report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    report = yield
    return refuse_skip(report) if DEMANDED else report
