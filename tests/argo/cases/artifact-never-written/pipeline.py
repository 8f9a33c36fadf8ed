"""An artifact that nobody wrote is not there for whoever takes it."""

from kfp import dsl

from kit import PYTHON


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def half(never: dsl.Output[dsl.Dataset], written: dsl.Output[dsl.Dataset]):
    open(written.path, "w").close()


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def there(never: dsl.Input[dsl.Dataset], written: dsl.Input[dsl.Dataset]) -> str:
    import os

    return f"{os.path.exists(never.path)} {os.path.exists(written.path)}"


@dsl.pipeline(name="artifact-never-written")
def pipeline() -> str:
    task = half()
    return there(never=task.outputs["never"], written=task.outputs["written"]).output
