"""Write the bill of materials: CycloneDX 1.6 in JSON. `scripts/sbom [FILE]`, standard output without one."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

from cyclonedx.contrib.this.builders import this_component
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as Listed
from cyclonedx.model.component import ComponentScope, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from scripts.supply.components import Component, components
from service import __version__

ALGORITHMS = {"sha256": HashAlgorithm.SHA_256, "sha384": HashAlgorithm.SHA_384, "sha512": HashAlgorithm.SHA_512}


def bill() -> Bom:
    """Everything of the lock files, and how near each thing is to the running product."""
    bom = Bom()
    bom.metadata.tools.components.add(this_component())
    bom.metadata.component = root = Listed(
        name="lianban", version=__version__, type=ComponentType.APPLICATION, bom_ref=f"lianban@{__version__}"
    )
    listed = [_listed(one) for one in components()]
    for one in listed:
        bom.components.add(one)
    bom.register_dependency(root, listed)
    return bom


def _listed(one: Component) -> Listed:
    return Listed(
        name=one.name,
        version=one.version,
        type=ComponentType.LIBRARY,
        bom_ref=one.purl,
        purl=PackageURL.from_string(one.purl),
        scope=ComponentScope.REQUIRED if one.use == "runtime" else ComponentScope.EXCLUDED,
        licenses=[DisjunctiveLicense(name=one.licence)] if one.licence else None,
        properties=[
            Property(name="lianban:use", value=one.use),
            *(Property(name="lianban:hash", value=value) for value in one.hashes),
        ],
        hashes=[_hash(one.hashes[0])] if len(one.hashes) == 1 else None,  # of several files nobody knows which is meant
    )


def _hash(written: str) -> HashType:
    name, _, value = written.replace("-", ":", 1).partition(":")
    content = value if name == "sha256" else base64.b64decode(value).hex()
    return HashType(alg=ALGORITHMS[name], content=content)


def main() -> None:
    """Entry point of scripts/sbom."""
    told = JsonV1Dot6(bill()).output_as_string(indent=2) + "\n"
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(told, "utf-8")
    else:
        sys.stdout.write(told)


if __name__ == "__main__":
    main()
