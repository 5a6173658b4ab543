"""Fixtures of the tests of provisioning."""

import pytest

from scim import company


@pytest.fixture(autouse=True)
def _fresh_attributes() -> None:
    """Versions of the catalog come again when a test is rolled back; its attributes do not."""
    company._known.clear()
