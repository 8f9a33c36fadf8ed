"""A step names in each way that kfp offers where its artifact lies, and the next one finds it."""

from kfp import dsl

from kit import PYTHON


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def returned(text: str) -> dsl.Dataset:
    data = dsl.Dataset(uri=dsl.get_uri(suffix="kept"), metadata={"by": "returned"})
    with open(data.path, "w") as file:
        file.write(text)
    return data


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def returned_by_default(text: str) -> dsl.Dataset:
    data = dsl.Dataset(uri=dsl.get_uri())
    with open(data.path, "w") as file:
        file.write(text)
    return data


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def moved(text: str, data: dsl.Output[dsl.Dataset]):
    import os

    data.uri = dsl.get_uri(suffix="folder/moved")
    os.makedirs(os.path.dirname(data.path), exist_ok=True)
    with open(data.path, "w") as file:
        file.write(text)


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def pathed(text: str, data: dsl.Output[dsl.Dataset]):
    data.path = os_path = data.path + "-beside"
    with open(os_path, "w") as file:
        file.write(text)


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def custom(text: str, data: dsl.Output[dsl.Dataset]):
    import tempfile

    data.custom_path = tempfile.mkdtemp() + "/custom"
    with open(data.path, "w") as file:
        file.write(text)


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def read(
    a: dsl.Input[dsl.Dataset],
    b: dsl.Input[dsl.Dataset],
    c: dsl.Input[dsl.Dataset],
    d: dsl.Input[dsl.Dataset],
    e: dsl.Input[dsl.Dataset],
) -> str:
    return ",".join(open(each.path).read() for each in (a, b, c, d, e)) + f" {a.metadata['by']}"


@dsl.pipeline(name="artifact-places")
def pipeline() -> str:
    """Keep artifacts where the steps say."""
    made = [each(text=each.name) for each in (returned, returned_by_default, moved, pathed, custom)]
    return read(**{name: task.output for name, task in zip("abcde", made, strict=True)}).output
