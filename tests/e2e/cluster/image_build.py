"""Images as they are described, and their writing into a layout: every layer is made once for each key."""

from __future__ import annotations

import hashlib
import platform
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cluster.image_layout import MANIFEST, MEDIA, SCRATCH, Layout
from cluster.image_tree import Tree, pack

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
# what a layer of the same key holds is decided by these: no layer outlives a change of them
SOURCES = [Path(__file__).with_name(name) for name in ("image_python.py", "image_tree.py")]


@dataclass(frozen=True)
class Layer:
    """A layer, made only where none of its key is there; `tree` is given a folder for files that it makes."""

    key: str
    tree: Callable[[Path], Tree]


@dataclass(frozen=True)
class Image:
    """An image: its names with registry and tag, its layers from the lowest up, and what it says of running it."""

    names: tuple[str, ...]
    layers: tuple[Layer, ...]
    config: Mapping[str, Any]


def write(layout: Layout, images: Iterable[Image]) -> dict[str, str]:
    """Add images, or give their names to new ones; the digest of every name in the layout."""
    with layout.locked():
        made = {name: digest for image in images for digest in [_image(layout, image)] for name in image.names}
        named = {**layout.names(), **made}
        layout.write_index(named)
    return named


def _image(layout: Layout, image: Image) -> str:
    layers = [_layer(layout, layer) for layer in image.layers]
    config = {
        "architecture": ARCHITECTURES[platform.machine()],
        "os": "linux",
        "config": image.config,
        "rootfs": {"type": "layers", "diff_ids": [layer["digest"] for layer in layers]},
    }
    described = layout.add_document(config, f"{MEDIA}config.v1+json")
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": described, "layers": layers}
    return layout.add_document(manifest, MANIFEST)["digest"]


def _layer(layout: Layout, layer: Layer) -> dict[str, Any]:
    facts = [layer.key, *platform.libc_ver(), *(file.read_text() for file in SOURCES)]
    known = layout.folder / "layers" / hashlib.sha256("\0".join(facts).encode()).hexdigest()
    if not (known.is_file() and layout.blob(known.read_text()).is_file()):
        known.parent.mkdir(exist_ok=True)
        known.write_text(_packed(layout, layer))
    digest = known.read_text()
    return {"mediaType": f"{MEDIA}layer.v1.tar", "digest": digest, "size": layout.blob(digest).stat().st_size}


def _packed(layout: Layout, layer: Layer) -> str:
    with tempfile.TemporaryDirectory(dir=layout.folder, prefix=SCRATCH) as folder:
        tar = Path(folder) / "layer.tar"
        with tar.open("wb") as file:
            pack(layer.tree(Path(folder)), file)
        return layout.add_file(tar)
