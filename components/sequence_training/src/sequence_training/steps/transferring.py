"""The first and the last step of each pipeline: data sets and models out of the object store, and into it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from graft_steps import object_store, reports, say
from graft_steps.run_context import display_path

from sequence_training import stored

if TYPE_CHECKING:
    from pathlib import Path


def download_dataset(uid: str, out: Path) -> dict[str, Any]:
    """Fetch a data set into the folder `out`; its uid and the digest of what was stored go with it."""
    digest = stored.dataset(object_store.open_from(os.environ), uid, out)
    say(f"data set {uid}, digest {digest[:16]}")
    return {"dataset_uid": uid, "dataset_digest": digest}


def download_model(uid: str, out: Path) -> dict[str, Any]:
    """Fetch a model into the folder `out`; its uid and digest go with it."""
    digest = stored.model(object_store.open_from(os.environ), uid, out)
    say(f"model {uid}, digest {digest[:16]}")
    return {"base_model_uid": uid, "base_model_digest": digest}


def upload(folder: Path, kind: str, uid: str, summary: Path) -> str:
    """Store a folder under a uid, say where in Markdown, and return its digest."""
    store = object_store.open_from(os.environ)
    digest = store.upload(folder, kind, uid)
    place = display_path(store.place(kind, uid))
    say(f"stored as {kind}/{uid}, digest {digest[:16]}")
    line = f"- place: `{place}`\n- digest: `{digest}`"
    summary.write_text(reports.markdown(f"Stored {kind.rstrip('s')} {uid}", [line]))
    return digest
