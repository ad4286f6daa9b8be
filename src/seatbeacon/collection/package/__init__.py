"""The inventory package: a folder with a manifest and one raw file per dataset.

This is the one thing of ours that `seatbeacon.inventory` may import: what a package looks like, not how it is
collected.
"""

from seatbeacon.collection.package.manifest import (
    MANIFEST_NAME,
    PACKAGE_FORMAT,
    PACKAGE_VERSION,
    REQUIRED_DATASETS,
    DatasetRecord,
    Manifest,
    Outcome,
    TenantIdentity,
)

__all__ = [
    "MANIFEST_NAME",
    "PACKAGE_FORMAT",
    "PACKAGE_VERSION",
    "REQUIRED_DATASETS",
    "DatasetRecord",
    "Manifest",
    "Outcome",
    "TenantIdentity",
]
